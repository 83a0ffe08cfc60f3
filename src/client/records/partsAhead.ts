import type { PartContent } from '../../fhir/Part.ts';
import type { Address, RecordId } from '../../protocol/ids.ts';
import { newestOfEach } from './newestOfEach.ts';
import type { Chart } from './readChart.ts';
import type { ChartRecord } from './viewChart.ts';

/** A part that was read, and the record that it lies in. */
interface PartKnown {
  readonly content: Pick<PartContent, 'part' | 'whole'>;
  readonly record: Pick<ChartRecord, 'record'>;
}

/**
 * Tells which records are likely the other parts of a bundle, so that they are viewed together: those that its first part names;
 * else as many as it has that the same author added after it. While the first part is not known, those that the author added
 * before the given part, as many as its number says. It reads nothing, and others on the chart are not among them.
 *
 * @param chart - The chart that lists them.
 * @param given - The part that was read first.
 * @param first - The first part, once it was read.
 * @returns The newest version of each, in any order.
 */
export function partsAhead(
  { records }: Pick<Chart, 'records'>,
  given: PartKnown,
  first: PartKnown | undefined,
): readonly ChartRecord[] {
  const { order = [], records: named = [] } = first?.content.whole ?? {};
  const begun = addedWith(records, (first ?? given).record.record);
  const at = begun.indexOf((first ?? given).record.record);
  const count = order.reduce((most, part) => Math.max(most, part + 1), 0);
  const ids = new Set<RecordId | null>(
    named.length > 0
      ? named
      : first === undefined
        ? begun.slice(Math.max(0, at - given.content.part), at)
        : begun.slice(at, at + count),
  );
  return newestOfEach(records).filter(({ record }) => ids.has(record));
}

/** The records that the author of one added, as they were added. */
function addedWith(records: readonly ChartRecord[], id: RecordId): readonly RecordId[] {
  const first = records.filter(({ version }) => version === 1);
  const author: Address | undefined = first.find(({ record }) => record === id)?.author;
  return first
    .filter((each) => each.author === author)
    .toSorted(
      (left, right) =>
        left.at - right.at || left.acknowledgement.index - right.acknowledgement.index,
    )
    .map(({ record }) => record);
}
