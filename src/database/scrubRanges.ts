import { BINARY, type ServiceDatabase } from './synced.ts';

/** Rows from one key to another, both of which no row has. */
export interface ScrubbedRange {
  readonly first: Uint8Array;
  readonly last: Uint8Array;
}

/**
 * Takes from a database's own files what they still have of rows of some ranges that were deleted or written again. A database without
 * files of its own leaves that to its server.
 *
 * @param database - The database.
 * @param ranges - The ranges.
 */
export async function scrubRanges(
  database: Pick<ServiceDatabase, 'batch' | 'compactRange'>,
  ranges: readonly ScrubbedRange[],
): Promise<void> {
  for (const { first, last } of ranges) {
    if (database.compactRange === undefined) return;
    await database.compactRange(first, last, BINARY);
    // LevelDB drops former rows when it merges a later table with theirs: a deletion at each end makes one that spans them all.
    const ends = [first, last].map((key) => ({ type: 'del' as const, key }));
    await database.batch<Uint8Array, Uint8Array>(ends, BINARY);
    await database.compactRange(first, last, BINARY);
  }
}
