import type { EvidenceLog, StoredEntry } from './EvidenceLog.ts';

/** Entries read at a time. */
const PAGE = 1000;

/**
 * All entries of a log as they are kept for ever, page by page.
 *
 * @param log - The log; it may grow meanwhile.
 * @param from - The first entry.
 */
export async function* storedEntries(
  log: Pick<EvidenceLog, 'size' | 'stored'>,
  from = 0,
): AsyncIterable<StoredEntry> {
  for (let at = from; at < log.size; at += PAGE) {
    yield* await log.stored({ from: at, to: Math.min(at + PAGE, log.size) });
  }
}
