import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { PairInSet } from '../../protocol/release/releasedView.ts';
import { fetchVersion } from './fetchVersion.ts';
import { keyReleased, type KeyReleased } from './keyReleased.ts';
import { openVersion, type OpenedVersion } from './openVersion.ts';
import type { Party } from '../party/Party.ts';
import type { Chart } from './readChart.ts';
import type { ChartRecord } from './viewChart.ts';

/** A record version that is being read. */
export interface RecordRead<Content> {
  /** The plaintext. */
  readonly content: Content;
  /** Evidence of this view. */
  readonly acknowledgement: Acknowledgement;
  /** The record version among those of the view, if that is of several. */
  readonly pair?: PairInSet;
  /** Organisations that released its key; absent if it opens without a release. */
  readonly released?: KeyReleased;
}

/**
 * Reads one record version that fits in memory; returns all of it or throws.
 *
 * @param party - The reader.
 * @param chart - The chart that lists it.
 * @param wanted - The record version.
 * @throws MedsealError `RIGHT_MISSING`, `RIGHT_ENDED`, `PARTY_SUSPENDED`; `KEY_PENDING`, `RECORD_ERASED` before a view
 * is asked for; `FILE_ABSENT` if no organisation that can be reached has the file; `FILE_MISMATCH`, `SEAL_UNREADABLE`;
 * `RELEASE_PENDING`, `RELEASE_FALSE` if too few organisations released its key, or a true share of it.
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
  const { content, ...read } = await streamRecord(party, chart, wanted);
  return { content: await collectBytes(content), ...read };
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
 * is asked for; `FILE_ABSENT` if no organisation that can be reached has the file; `FILE_MISMATCH`; `RELEASE_PENDING`;
 * `SEAL_UNREADABLE`, `RELEASE_FALSE` from the stream.
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
  // Before a view is asked for.
  chart.openerFor(wanted);
  const { acknowledgement, sealed, evidence } = await fetchVersion(party, chart, wanted);
  let opened: OpenedVersion;
  try {
    opened = openVersion(party, chart, wanted, evidence, sealed);
  } catch (error) {
    await sealed.discard();
    throw error;
  }
  const { released: first } = opened;
  const released = first && keyReleased(party, () => opened.released ?? first);
  return { content: discarding(), acknowledgement, ...(released && { released }) };

  async function* discarding(): AsyncGenerator<Uint8Array> {
    try {
      yield* opened.content;
    } finally {
      await sealed.discard();
    }
  }
}
