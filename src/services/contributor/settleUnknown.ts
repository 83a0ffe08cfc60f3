import { acknowledgementCheck } from '../../protocol/evidence/acknowledgementCheck.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { checkedCopy } from './checkedCopy.ts';
import { completeEntries, type CompletionSources } from './completeEntries.ts';
import type { CopyOptions } from './copyLog.ts';
import { namedFiles } from './WantedFile.ts';

/** Number of entries that are looked up at once. */
const MOST = 64;

/**
 * Looks again for what is missing of entries that came without a body, if nobody could say whom they concern.
 *
 * @param context - The organisation's context.
 * @param log - A log that such entries may be in.
 * @param sources - Sources that may know now, and the note of files that entries name.
 * @returns Number of settled entries.
 */
export async function settleUnknown(
  context: ServiceContext,
  log: EvidenceLog,
  sources: CompletionSources & Pick<CopyOptions, 'want' | 'entered'>,
): Promise<number> {
  let settled = 0;
  const check = acknowledgementCheck(context, context.network);
  for (const index of (await log.unknown()).slice(0, MOST)) {
    const { name } = log.identity;
    const entries = await log.copies({ from: index, to: index + 1 });
    const [found] = await completeEntries(context, sources, name, entries);
    if (found === undefined || (found.body === undefined && found.tombstone === undefined))
      continue;
    const known = checkedCopy(context, check, found);
    if (known === undefined) continue;
    if (known.read !== undefined) await sources.want(namedFiles(known.read.body));
    await log.restore(index, known.entry);
    if (known.entry.body !== undefined) sources.entered([known.entry.handle]);
    settled += 1;
  }
  return settled;
}
