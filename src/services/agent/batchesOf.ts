import type { Primitives } from '../../crypto/Primitives.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { storedEntries } from '../../log/storedEntries.ts';
import { batchView } from '../../protocol/evidence/batchView.ts';
import type { LogBatch } from '../../protocol/evidence/LogBatch.ts';
import { shareNext } from '../shareNext.ts';

/** Number of batches in one page. */
const PAGE = 256;

/**
 * Makes P1's view of a log that grows: complete batches are computed once, and kept in memory, some 400 bytes for 15
 * entries.
 *
 * @param log - The log.
 * @param primitives - SHA-256.
 * @returns Gives batches from a number on, some hundred in one page.
 */
export function batchesOf(
  log: EvidenceLog,
  primitives: Primitives,
): (from: number) => Promise<readonly LogBatch[]> {
  let complete: LogBatch[] = [];
  let all: readonly LogBatch[] = complete;
  const follow = shareNext(async () => {
    const after = complete.at(-1);
    const news: LogBatch[] = [];
    const entries = storedEntries(log, after?.to ?? 0);
    for await (const batch of batchView(entries, primitives, { ...(after && { after }) })) {
      news.push(batch);
    }
    all = [...complete, ...news];
    complete = all.filter((batch) => batch.complete);
  });
  return async (from) => {
    await follow();
    return all.slice(from, from + PAGE);
  };
}
