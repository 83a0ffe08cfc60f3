import type { ChartRecord } from '../../../../src/client/index.ts';

/**
 * Sorts records by their clinical dates, the newest first. A record whose date is not known stands by when it was
 * added, and so does one whose date lies after that: nobody stays above all others by a date that is still to come.
 *
 * @param records - In any order.
 * @param dateOf - The clinical date of a record in Unix milliseconds, if it is known.
 */
export function byClinicalDate(
  records: readonly ChartRecord[],
  dateOf: (record: ChartRecord) => number | undefined,
): readonly ChartRecord[] {
  const placed = records.map((record) => {
    const added = record.at * 1000;
    return [record, Math.min(dateOf(record) ?? added, added)] as const;
  });
  return placed
    .toSorted(([left, at], [right, other]) => other - at || right.at - left.at)
    .map(([record]) => record);
}
