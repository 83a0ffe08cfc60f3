import type { Chart } from '../../client/readChart.ts';
import type { ChartRecord } from '../../client/viewChart.ts';
import { attachedRecords } from '../../fhir/makeDocumentReference.ts';
import type { PartContent } from '../../fhir/Part.ts';
import { newestOfEach } from './chart.ts';

/**
 * The record that holds the file which a part of a FHIR bundle does nothing but tell of.
 *
 * @param chart - The chart that lists both.
 * @param part - The part.
 * @returns Its newest version; undefined where the part is something else, or the chart does not list the file.
 */
export function attachedTo(
  chart: Pick<Chart, 'records'>,
  { entries }: PartContent,
): ChartRecord | undefined {
  const attached = entries.flatMap(({ resource }) => attachedRecords(resource));
  if (entries.length !== 1 || attached.length !== 1) return undefined;
  return newestOfEach(chart.records).find(({ record }) => record === attached[0]);
}
