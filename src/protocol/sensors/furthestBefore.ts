import type { ReadingsHeader } from './ReadingsHeader.ts';

/**
 * Tells for each batch of a device where the one lies that it is compared with: of those of the same start that come
 * before it, the one that reaches furthest, since a long one may reach over several. Of two that reach as far it is the
 * first.
 *
 * @param headers - Statements of the batches, by start and first number.
 * @returns Places in `headers`; undefined for the first batch of each start.
 */
export function furthestBefore(
  headers: readonly Pick<ReadingsHeader, 'boot' | 'first' | 'count'>[],
): readonly (number | undefined)[] {
  let furthest = 0;
  return headers.map((header, place) => {
    const known = headers[furthest];
    const isStart = place === 0 || known?.boot !== header.boot;
    const before = isStart ? undefined : furthest;
    if (known === undefined || isStart || endOfBatch(header) > endOfBatch(known)) furthest = place;
    return before;
  });
}

/** Number of the first reading after a batch. */
export function endOfBatch({ first, count }: Pick<ReadingsHeader, 'first' | 'count'>): number {
  return first + count;
}
