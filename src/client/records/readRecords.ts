import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { fetchGroups, type GroupFile } from './fetchGroups.ts';
import type { Party } from '../party/Party.ts';
import { keyReleased } from './keyReleased.ts';
import { openVersion } from './openVersion.ts';
import type { Chart } from './readChart.ts';
import type { RecordRead } from './readRecord.ts';
import type { ChartRecord } from './viewChart.ts';

/** Number of files that are opened at once. */
const LANES = 8;

/** One of several record versions: its plaintext and the evidence of its view, or why it cannot be read. */
export type RecordsRead =
  | (RecordRead<Uint8Array> & { readonly record: ChartRecord })
  | { readonly record: ChartRecord; readonly error: MedsealError };

/**
 * Reads record versions of a chart that fit in memory, many times as fast as one by one: as many as 1,024 are one view and one
 * entry, and files are fetched and opened side by side. Each is returned whole or not at all, and one that cannot be read does
 * not delay the others. A view tells the patient what was asked for: whoever wants to show a few asks for these few.
 *
 * @param party - The reader.
 * @param chart - The chart that lists them.
 * @param wanted - Record versions, in any number.
 * @returns One result for each, in their order. An error has the code of the refusal, `FILE_MISMATCH`,
 * `SEAL_UNREADABLE`, `KEY_PENDING` or `RECORD_ERASED`; for the last two, no view was asked for; `NODE_OLDER` if a node has to be updated first; `NOT_YET` if
 * one of several guarded files did not come while its view holds, five minutes.
 * @throws MedsealError `PEER_UNREACHABLE`, `OVERLOADED` if nobody answers.
 * @example
 * ```ts
 * for await (const read of readRecords(doctor, chart, chart.records)) {
 *   if ('error' in read) console.warn(read.record.record, read.error.code);
 *   else console.log(new TextDecoder().decode(read.content));
 * }
 * ```
 */
export async function* readRecords(
  party: Party,
  chart: Chart,
  wanted: readonly ChartRecord[],
): AsyncGenerator<RecordsRead> {
  for await (const { group, files } of fetchGroups(party, chart, wanted)) {
    yield* await openGroup(party, chart, group, files);
  }
}

async function openGroup(
  party: Party,
  chart: Chart,
  group: readonly ChartRecord[],
  files: readonly GroupFile[],
): Promise<readonly RecordsRead[]> {
  const results: RecordsRead[] = [];
  const places = group.entries();
  const lane = async (): Promise<void> => {
    for (const [place, record] of places) {
      results[place] = await readOne(party, chart, record, files[place]);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

async function readOne(
  party: Party,
  chart: Chart,
  record: ChartRecord,
  fetched: GroupFile | undefined,
): Promise<RecordsRead> {
  try {
    if (fetched === undefined) throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
    if (fetched instanceof MedsealError) throw fetched;
    const { acknowledgement, pair, evidence, sealed } = fetched;
    try {
      const opened = openVersion(party, chart, record, evidence, sealed);
      const content = await collectBytes(opened.content);
      const { released: whole } = opened;
      const released = whole && keyReleased(party, () => whole);
      const of = { acknowledgement, ...(pair && { pair }), ...(released && { released }) };
      return { record, content, ...of };
    } finally {
      await sealed.discard();
    }
  } catch (error) {
    return { record, error: toMedsealError(error) };
  }
}
