import { MedsealError } from '../../errors/MedsealError.ts';
import type { AuditQuery } from '../../protocol/AgentPort.ts';
import type { AuditedEntry } from '../../protocol/evidence/evidence.ts';
import type { Party } from '../party/Party.ts';

/**
 * Fetches the entries of a log that a node lists for a patient, page by page. They are not checked.
 *
 * @param party - The patient.
 * @param query - The acknowledged audit, the log, its checkpoint.
 * @returns The entries, up to the first that goes back or beyond the log: such a list could go on for ever.
 * @throws MedsealError of the node; `PEER_MALFORMED`.
 */
export async function fetchEntries(
  party: Pick<Party, 'agent'>,
  query: AuditQuery,
): Promise<readonly AuditedEntry[]> {
  const entries: AuditedEntry[] = [];
  let next = 0;
  for (;;) {
    const page: unknown = await party.agent.audit({ ...query, from: next });
    if (!isPage(page)) throw new MedsealError('PEER_MALFORMED', { what: 'audit' });
    if (page.length === 0) return entries;
    for (const entry of page) {
      entries.push(entry);
      if (!(entry.index >= next && entry.index < query.size)) return entries;
      next = entry.index + 1;
    }
  }
}

function isPage(value: unknown): value is readonly AuditedEntry[] {
  return (
    Array.isArray(value) && value.every((entry) => typeof entry === 'object' && entry !== null)
  );
}
