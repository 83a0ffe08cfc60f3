import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { fetchReleased } from './fetchVersion.ts';
import type { Party } from '../party/Party.ts';
import { keyReleased } from './keyReleased.ts';
import { openVersion } from './openVersion.ts';
import type { Chart } from './readChart.ts';
import type { RecordRead } from './readRecord.ts';
import type { ChartRecord } from './viewChart.ts';
import { viewVersions, type VersionViewed } from './viewVersions.ts';

/** Number of views that are submitted at once; as many again are asked for while these are opened. */
const MOST_VIEWS = 64;
/** Bytes of sealed files that are held in memory at once. */
const MOST_BYTES = 32 * 2 ** 20;
/** Number of files that are fetched at once. */
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
  const { loadPairing } = party;
  const load = loadPairing && (async () => await loadPairing(wanted.length));
  const reader: Party = { ...party, ...(load && { loadPairing: load }) };
  const groups = groupsOf(wanted);
  const ask = (): Asked | undefined => {
    const { value: group } = groups.next();
    if (group === undefined) return undefined;
    const viewed = viewGroup(reader, chart, group);
    // Whoever reads on hears of a failure once the group's turn comes.
    viewed.catch(() => undefined);
    return { group, viewed };
  };
  for (let now = ask(), next; now !== undefined; now = next) {
    const views = await now.viewed;
    // Nodes judge and release for the next group while this one opens.
    next = ask();
    yield* await openGroup(reader, chart, now.group, views);
  }
}

/** A group whose views are asked for. */
interface Asked {
  readonly group: readonly ChartRecord[];
  readonly viewed: Promise<readonly GroupView[]>;
}

/** A view, or why it was refused or not asked for; undefined if its answer is missing. */
type GroupView = VersionViewed | MedsealError | undefined;

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
): Promise<readonly GroupView[]> {
  const openers = group.map((record) => attempt(() => chart.openerFor(record)));
  const asked = [...group.keys()].filter((place) => !(openers[place] instanceof MedsealError));
  const versions = asked.flatMap((place) => group[place] ?? []);
  const views = asked.length === 0 ? [] : await viewVersions(party, chart, versions);
  const viewAt = new Map(asked.map((place, index) => [place, views[index]]));
  return openers.map((opener, place) =>
    opener instanceof MedsealError ? opener : viewAt.get(place),
  );
}

async function openGroup(
  party: Party,
  chart: Chart,
  group: readonly ChartRecord[],
  views: readonly GroupView[],
): Promise<readonly RecordsRead[]> {
  const results: RecordsRead[] = [];
  const places = group.entries();
  const lane = async (): Promise<void> => {
    for (const [place, record] of places) {
      results[place] = await readOne(party, chart, record, views[place]);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

async function readOne(
  party: Party,
  chart: Chart,
  record: ChartRecord,
  viewed: GroupView,
): Promise<RecordsRead> {
  try {
    if (viewed === undefined) throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
    if (viewed instanceof MedsealError) throw viewed;
    const { acknowledgement, ticket, evidence } = viewed;
    const sealed = await fetchReleased(party, ticket, record);
    try {
      const opened = await openVersion(party, chart, record, evidence, sealed);
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
