import { attachedTo } from '../../client/records/attachedTo.ts';
import type { Chart } from '../../client/records/readChart.ts';
import type { ChartRecord } from '../../client/records/viewChart.ts';
import type { PartContent } from '../../fhir/Part.ts';
import { describeContent } from './describeContent.ts';
import type { Titled } from './knownTitles.ts';

/**
 * Returns the title that a part of a FHIR bundle gives its record. A document's description gives one to the record that
 * holds the file too.
 *
 * @param chart - The chart that lists them.
 * @param part - The part.
 * @param from - The record version that the part is.
 */
export function titlesIn(
  chart: Pick<Chart, 'records'>,
  part: Pick<PartContent, 'entries'>,
  from: Pick<ChartRecord, 'record' | 'version' | 'category'>,
): readonly Titled[] {
  const title = describeContent(part);
  const { record, version } = from;
  const attached = attachedTo(chart, part, from);
  if (attached === undefined) return [{ record, version, title }];
  return [
    { record, version, title: `about ${title}` },
    { record: attached.record, version: attached.version, title },
  ];
}
