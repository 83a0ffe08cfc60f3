import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { fetchViewed, type FetchedVersion } from './fetchVersion.ts';
import type { Party } from '../party/Party.ts';
import { keyReleased } from './keyReleased.ts';
import { openVersion } from './openVersion.ts';
import type { Chart } from './readChart.ts';
import type { RecordRead } from './readRecord.ts';
import type { ChartRecord } from './viewChart.ts';
import { viewVersions, type VersionsViewed } from './viewVersions.ts';

/** Number of views that are submitted at once; as many again are asked for while these are opened. */
const MOST_VIEWS = 64;
/** Bytes of sealed files of one group, which are held in memory together; those of two groups are at once. */
const MOST_BYTES = 16 * 2 ** 20;
/** Number of files that are opened at once. */
const LANES = 8;

/** One of several record versions: its plaintext and the evidence of its view, or why it cannot be read. */
export type RecordsRead =
  | (RecordRead<Uint8Array> & { readonly record: ChartRecord })
  | { readonly record: ChartRecord; readonly error: MedsealError };

/**
 * Reads record versions of a chart that fit in memory, many times as fast as one by one: views become evidence
 * together, and files are fetched and opened side by side while nodes judge the next views. Each is returned whole or not at
 * all, and one that cannot be read does not delay the others. A reader that stops has viewed at most 128 more than it got.
 *
 * @param party - The reader.
 * @param chart - The chart that lists them.
 * @param wanted - Record versions, in any number.
 * @returns One result for each, in their order. An error has the code of the refusal, `FILE_MISMATCH`,
 * `SEAL_UNREADABLE`, `KEY_PENDING` or `RECORD_ERASED`; for the last two, no view was asked for.
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
  const groups = groupsOf(wanted);
  const ask = (): Asked | undefined => {
    const { value: group } = groups.next();
    if (group === undefined) return undefined;
    const viewed = viewGroup(party, chart, group);
    const fetched = viewed.then(async (given) => await fetchGroup(party, group, given));
    // Whoever reads on hears of a failure once the group's turn comes.
    fetched.catch(() => undefined);
    return { group, viewed, fetched };
  };
  let ahead = ask();
  try {
    for (let now = ahead; now !== undefined; now = ahead) {
      await now.viewed;
      // Nodes judge and release for the next group while this one comes and is opened.
      ahead = ask();
      yield* await openGroup(party, chart, now.group, await now.fetched);
    }
  } finally {
    // Files of a group that its reader did not wait for.
    const files = await ahead?.fetched.catch(() => []);
    for (const file of files ?? []) {
      if (file !== undefined && !(file instanceof MedsealError)) await file.sealed.discard();
    }
  }
}

/** A group whose views are asked for. */
interface Asked {
  readonly group: readonly ChartRecord[];
  readonly viewed: Promise<GroupViewed>;
  readonly fetched: Promise<readonly GroupFile[]>;
}

/** The views of those versions of a group that the reader has keys of. */
interface GroupViewed {
  /** By place: why a version was not asked for. */
  readonly refused: ReadonlyMap<number, MedsealError>;
  readonly asked: readonly ChartRecord[];
  readonly viewed: VersionsViewed;
}

/** A file, or why it was refused or not asked for; undefined if its answer is missing. */
type GroupFile = FetchedVersion | MedsealError | undefined;

/** Cuts versions into groups that are few, and small together; a large one goes alone. */
function* groupsOf(wanted: readonly ChartRecord[]): Generator<readonly ChartRecord[]> {
  let group: ChartRecord[] = [];
  let bytes = 0;
  for (const record of wanted) {
    if (group.length === MOST_VIEWS || (group.length > 0 && bytes + record.size > MOST_BYTES)) {
      yield group;
      [group, bytes] = [[], 0];
    }
    group.push(record);
    bytes += record.size;
  }
  if (group.length > 0) yield group;
}

/** Asks for views of the versions that the reader has keys of. */
async function viewGroup(
  party: Party,
  chart: Chart,
  group: readonly ChartRecord[],
): Promise<GroupViewed> {
  const refused = new Map<number, MedsealError>();
  for (const [place, record] of group.entries()) {
    const opener = attempt(() => chart.openerFor(record));
    if (opener instanceof MedsealError) refused.set(place, opener);
  }
  const asked = group.filter((_, place) => !refused.has(place));
  const viewed = asked.length === 0 ? { views: [] } : await viewVersions(party, chart, asked);
  return { refused, asked, viewed };
}

/** Fetches what was viewed. */
async function fetchGroup(
  party: Party,
  group: readonly ChartRecord[],
  { refused, asked, viewed }: GroupViewed,
): Promise<readonly GroupFile[]> {
  const files = (await fetchViewed(party, asked, viewed)).values();
  return group.map((_, place): GroupFile => refused.get(place) ?? files.next().value);
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
  fetched: GroupFile,
): Promise<RecordsRead> {
  try {
    if (fetched === undefined) throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
    if (fetched instanceof MedsealError) throw fetched;
    const { acknowledgement, evidence, sealed } = fetched;
    try {
      const opened = openVersion(party, chart, record, evidence, sealed);
      const content = await collectBytes(opened.content);
      const { released: whole } = opened;
      const released = whole && keyReleased(party, () => whole);
      return { record, content, acknowledgement, ...(released && { released }) };
    } finally {
      await sealed.discard();
    }
  } catch (error) {
    return { record, error: toMedsealError(error) };
  }
}

function attempt<Value>(run: () => Value): Value | MedsealError {
  try {
    return run();
  } catch (error) {
    return toMedsealError(error);
  }
}
