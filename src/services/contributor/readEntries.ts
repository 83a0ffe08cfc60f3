import { MedsealError } from '../../errors/MedsealError.ts';
import type { CopiedEntry } from '../../log/EvidenceLog.ts';
import type { LogName } from '../../protocol/ids.ts';
import type { ContributorPort } from '../ports.ts';

/**
 * Gives all entries of a range of a log, in pages as large as the peer likes. More than was asked for is passed on too:
 * their root will not be the one that is expected.
 *
 * @param peer - Not trusted.
 * @param log - The log.
 * @param range - From an index, to before another.
 * @throws MedsealError `PEER_MALFORMED` if it gives none; `EVIDENCE_INVALID` if it gives those of another log.
 */
export async function entriesWithBodies(
  peer: Pick<ContributorPort, 'read'>,
  log: LogName,
  { from, to }: { from: number; to: number },
): Promise<readonly CopiedEntry[]> {
  const entries: CopiedEntry[] = [];
  while (entries.length < to - from) {
    const page = await peer.read({ log, from: from + entries.length, to });
    if (page.length === 0) throw new MedsealError('PEER_MALFORMED', { what: 'page of a log' });
    if (page.some((entry) => entry.log !== log)) {
      throw new MedsealError('EVIDENCE_INVALID', { reason: 'an entry is of another log' });
    }
    entries.push(...page);
  }
  return entries;
}
