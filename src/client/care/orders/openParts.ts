import type { PartContent } from '../../../fhir/Part.ts';
import type { RecordId } from '../../../protocol/ids.ts';
import type { Party } from '../../party/Party.ts';
import { isErasedIn } from '../../records/isErasedIn.ts';
import { isWithdrawn } from '../../records/isWithdrawn.ts';
import type { Chart } from '../../records/readChart.ts';
import { partIn } from '../../records/readParts.ts';
import { readRecords } from '../../records/readRecords.ts';
import type { ChartRecord } from '../../records/viewChart.ts';

/** A record version that was opened as a part of FHIR. */
export interface PartOpened {
  readonly version: ChartRecord;
  readonly part: PartContent;
}

/**
 * Opens record versions that are parts of FHIR.
 *
 * @param party - The reader.
 * @param chart - The chart that lists them.
 * @param wanted - Record versions, one of each record.
 * @param unread - Takes those that could not be read now.
 * @returns Those that are parts, by their records.
 */
export async function openParts(
  party: Party,
  chart: Chart,
  wanted: readonly ChartRecord[],
  unread: ChartRecord[],
): Promise<ReadonlyMap<RecordId, PartOpened>> {
  const opened = new Map<RecordId, PartOpened>();
  const standing: ChartRecord[] = [];
  for (const each of wanted) if (!(await isWithdrawn(party, each))) standing.push(each);
  for await (const read of readRecords(party, chart, standing)) {
    if ('error' in read) {
      if (!isErasedIn(chart, read.record)) unread.push(read.record);
      continue;
    }
    const part = partIn(read.content, read.record);
    if (part !== undefined) opened.set(read.record.record, { version: read.record, part });
  }
  return opened;
}
