import { attachedRecords } from '../../fhir/attachedRecords.ts';
import type { PartContent } from '../../fhir/Part.ts';
import type { Address, RecordId } from '../../protocol/ids.ts';
import { newestOfEach } from './newestOfEach.ts';
import type { Chart } from './readChart.ts';
import type { ChartRecord } from './viewChart.ts';

/**
 * Finds the record that holds the file which a part of a FHIR bundle does nothing but tell of. Anybody who may add
 * records can tell of any file: it counts if both records are of one category and one author, as a document is added.
 *
 * @param chart - The chart that lists both.
 * @param part - The part.
 * @param from - The record that the part is.
 * @returns Its newest version; undefined if the part is something else, or the chart does not list the file.
 * @example
 * ```ts
 * const { content } = await readRecord(doctor, chart, record);
 * const part = partIn(content, record);
 * const file = part && attachedTo(chart, part, record);
 * if (file !== undefined) await readRecord(doctor, chart, file);
 * ```
 */
export function attachedTo(
  { records }: Pick<Chart, 'records'>,
  { entries }: Pick<PartContent, 'entries'>,
  from: Pick<ChartRecord, 'record' | 'category'>,
): ChartRecord | undefined {
  const attached = entries.flatMap(({ resource }) => attachedRecords(resource));
  if (entries.length !== 1 || attached.length !== 1) return undefined;
  const found = newestOfEach(records).find(({ record }) => record === attached[0]);
  if (found?.category !== from.category) return undefined;
  return adderOf(records, found.record) === adderOf(records, from.record) ? found : undefined;
}

function adderOf(records: Chart['records'], id: RecordId): Address | undefined {
  const versions = records.filter(({ record }) => record === id);
  return versions.toSorted((left, right) => left.version - right.version)[0]?.author;
}
