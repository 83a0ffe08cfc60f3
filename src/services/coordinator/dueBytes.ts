/** Bytes that the row of one record version of a set of views takes on a coordinator's disk at most, with its key. */
const PAIR_ROW = 240;

/**
 * Returns the bytes that a judged body takes on a coordinator's disk, with the list of the set of views that it is of.
 *
 * @param body - Bytes of the body.
 * @param pairs - Number of record versions that it names; 0 for another body.
 */
export function dueBytes(body: number, pairs: number): number {
  return body + pairs * PAIR_ROW;
}
