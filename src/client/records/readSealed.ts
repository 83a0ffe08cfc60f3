import type { Party } from '../party/Party.ts';
import { fetchVersion } from './fetchVersion.ts';
import type { RecordRead } from './readRecord.ts';
import type { ChartRecord, ChartWanted } from './viewChart.ts';

/**
 * Reads one record version as it is sealed, to give it on unopened: the view becomes evidence, and the sealed file is compared
 * with the hash in its author's signed entry.
 *
 * @param party - The reader.
 * @param chart - Chart, and right to rely on.
 * @param wanted - The record version.
 * @returns The sealed file, to be read once and to its end, and the evidence of this view.
 * @throws MedsealError `RIGHT_MISSING`, `RIGHT_ENDED`, `PARTY_SUSPENDED`, `FILE_ABSENT`, `FILE_MISMATCH`.
 * @example
 * ```ts
 * import { open } from 'node:fs/promises';
 * const { content } = await readSealed(doctor, chart, record);
 * await using file = await open('record.age', 'w');
 * for await (const piece of content) await file.write(piece);
 * ```
 */
export async function readSealed(
  party: Party,
  chart: ChartWanted,
  wanted: ChartRecord,
): Promise<RecordRead<AsyncIterable<Uint8Array>>> {
  const { acknowledgement, sealed } = await fetchVersion(party, chart, wanted);
  return { content: discarding(), acknowledgement };

  async function* discarding(): AsyncGenerator<Uint8Array> {
    try {
      yield* sealed.read();
    } finally {
      await sealed.discard();
    }
  }
}
