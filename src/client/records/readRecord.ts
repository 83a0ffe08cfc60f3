import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { open } from '../../crypto/sealing/open.ts';
import type { Acknowledgement } from '../../protocol/evidence.ts';
import { openersOf } from './openersOf.ts';
import { fetchVersion } from './fetchVersion.ts';
import type { Party } from '../party/Party.ts';
import type { Chart } from './readChart.ts';
import type { ChartRecord } from './viewChart.ts';

/** A record version that is being read. */
export interface RecordRead<Content> {
  /** The plaintext. */
  readonly content: Content;
  /** Evidence of this view. */
  readonly acknowledgement: Acknowledgement;
}

/**
 * Reads one record version that fits in memory; returns all of it or throws.
 *
 * @param party - The reader.
 * @param chart - The chart that lists it.
 * @param wanted - The record version.
 * @throws MedsealError `RIGHT_MISSING`, `RIGHT_ENDED`, `PARTY_SUSPENDED`; `KEY_PENDING`, `RECORD_ERASED` before a view
 * is asked for; `FILE_ABSENT` if no organisation that can be reached has the file; `FILE_MISMATCH`, `SEAL_UNREADABLE`.
 * @example
 * ```ts
 * const reports = chart.records.filter(({ category }) => category === 'reports');
 * for (const report of reports) {
 *   const { content } = await readRecord(doctor, chart, report);
 *   console.log(new TextDecoder().decode(content));
 * }
 * ```
 */
export async function readRecord(
  party: Party,
  chart: Chart,
  wanted: ChartRecord,
): Promise<RecordRead<Uint8Array>> {
  const { content, acknowledgement } = await streamRecord(party, chart, wanted);
  return { content: await collectBytes(content), acknowledgement };
}

/**
 * Reads one record version of any size: the view becomes evidence, the sealed file is fetched and compared with the
 * hash in its author's signed entry, and only then opened, piece by piece.
 *
 * @param party - The reader.
 * @param chart - The chart that lists it.
 * @param wanted - The record version.
 * @returns Plaintext, to be read once and to its end, and the evidence of this view.
 * @throws MedsealError `RIGHT_MISSING`, `RIGHT_ENDED`, `PARTY_SUSPENDED`; `KEY_PENDING`, `RECORD_ERASED` before a view
 * is asked for; `FILE_ABSENT` if no organisation that can be reached has the file; `FILE_MISMATCH`; `SEAL_UNREADABLE`
 * from the stream.
 * @example
 * ```ts
 * import { open } from 'node:fs/promises';
 * const { content } = await streamRecord(doctor, chart, record);
 * await using file = await open('scan.dcm', 'w');
 * for await (const piece of content) await file.write(piece);
 * ```
 */
export async function streamRecord(
  party: Party,
  chart: Chart,
  wanted: ChartRecord,
): Promise<RecordRead<AsyncIterable<Uint8Array>>> {
  const { cipher } = party;
  // Before a view is asked for.
  chart.openerFor(wanted);
  const { acknowledgement, sealed, evidence } = await fetchVersion(party, chart, wanted);
  const openers = await openersOf(party, chart, wanted, evidence).catch(async (error: unknown) => {
    await sealed.discard();
    throw error;
  });
  return { content: opened(), acknowledgement };

  async function* opened(): AsyncGenerator<Uint8Array> {
    try {
      yield* open(openers, sealed.read(), { ...(cipher && { cipher }) });
    } finally {
      await sealed.discard();
    }
  }
}
