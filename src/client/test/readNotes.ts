import { bytesToUtf8 } from '../../crypto/bytes.ts';
import type { KnownGrant } from '../state/PatientState.ts';
import type { Party } from '../party/Party.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';

/** The text of every record that a party can open with a right, in the order of the chart. */
export async function readNotes(
  reader: Party,
  { grant }: Pick<KnownGrant, 'grant'>,
): Promise<string[]> {
  const chart = await readChart(reader, { handle: grant.handle, grant, purpose: 'TREAT' });
  const notes: string[] = [];
  for (const record of chart.records) {
    notes.push(bytesToUtf8((await readRecord(reader, chart, record)).content));
  }
  return notes;
}
