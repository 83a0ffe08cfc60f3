import { keepRecord, type Chart, type ChartRecord, type Party } from '../../../src/client/index.ts';
import { requireSpace } from './requireSpace.ts';
import { watchHere } from './watchHere.ts';

/** Bytes that a kept record takes beside its sealed file, and by how much it grows as text. */
const [BESIDE, GROWTH] = [65_536, 3];

/**
 * Reads records, a document and its file for instance, and has this browser keep them until a time: each by a view of its own that
 * says until when.
 *
 * @param party - The reader.
 * @param chart - The chart that lists them.
 * @param records - The record versions.
 * @param keep - Until when, Unix seconds.
 * @throws MedsealError `DEVICE_FULL` before anything is viewed; what `keepRecord` throws.
 */
export async function keepHere(
  party: Party,
  chart: Chart,
  records: readonly ChartRecord[],
  keep: number,
): Promise<void> {
  await requireSpace(records.reduce((sum, { size }) => sum + (size + BESIDE) * GROWTH, 0));
  for (const record of records) await keepRecord(party, chart, record, keep);
  await watchHere(party);
}
