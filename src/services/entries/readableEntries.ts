import type { CopiedEntry, EvidenceLog } from '../../log/EvidenceLog.ts';

/** Number of entries that are read at once. */
const PAGE = 256;

/**
 * Reads the legible entries of a log, page by page; entry by entry if something in a page is damaged.
 *
 * @param log - The organisation's own, or its copy of another's.
 * @param from - Place of the first.
 */
export async function* readableEntries(
  log: EvidenceLog,
  from = 0,
): AsyncGenerator<readonly CopiedEntry[]> {
  for (let next = from; next < log.size; next += PAGE) {
    yield await readable(log, next, Math.min(next + PAGE, log.size));
  }
}

async function readable(
  log: EvidenceLog,
  from: number,
  to: number,
): Promise<readonly CopiedEntry[]> {
  const page = await log.copies({ from, to }).catch(() => undefined);
  if (page !== undefined) return page;
  const entries: CopiedEntry[] = [];
  for (let index = from; index < to; index++) {
    entries.push(...(await log.copies({ from: index, to: index + 1 }).catch(() => [])));
  }
  return entries;
}
