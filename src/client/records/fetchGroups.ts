import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { MOST_PAIRS } from '../../protocol/evidence/viewSet.ts';
import type { Party } from '../party/Party.ts';
import { fetchViewed, type FetchedVersion } from './fetchVersion.ts';
import type { Chart } from './readChart.ts';
import type { ChartRecord } from './viewChart.ts';
import { viewVersions, type VersionsViewed } from './viewVersions.ts';

/** Bytes of sealed files that one view is of: so many are fetched well before their tickets lapse. */
const MOST_VIEWED_BYTES = 64 * 2 ** 20;
/** Seconds for which files are fetched by a view; those that are left then are viewed again. */
const FRESH = 120;
/** Number of files that are fetched together, with their shares; as many again are fetched while these are opened. */
const MOST_FILES = 64;
/** Bytes of sealed files of one group, which are held in memory together; those of two groups are at once. */
const MOST_BYTES = 16 * 2 ** 20;

/** A file, or why it was refused or not asked for. */
export type GroupFile = FetchedVersion | MedsealError;

/** Record versions whose files were fetched together. */
export interface FetchedGroup {
  readonly group: readonly ChartRecord[];
  /** The file of each, which the caller must discard, or the error. */
  readonly files: readonly GroupFile[];
}

/**
 * Fetches the sealed files of record versions in groups that fit in memory: as many as 1,024 are one view, and a group is fetched
 * while the caller opens the one before.
 *
 * @param party - The reader.
 * @param chart - The chart that lists them.
 * @param wanted - Record versions, in any number.
 * @throws MedsealError if nobody answers.
 */
export async function* fetchGroups(
  party: Party,
  chart: Chart,
  wanted: readonly ChartRecord[],
): AsyncGenerator<FetchedGroup> {
  let viewing: Viewing | undefined;
  let from = 0;
  /** Versions that one view is of: on a slow line as many as were fetched in the time of the one before. */
  let most = MOST_PAIRS;
  const ask = (): Asked | undefined => {
    if (from === wanted.length) return undefined;
    const now = seconds(party.clock);
    const isStale = viewing !== undefined && from < viewing.to && now > viewing.at + FRESH;
    if (viewing !== undefined && isStale) most = from - viewing.from;
    if (viewing === undefined || from >= viewing.to || isStale) {
      const to = endOf(wanted, from, { count: most, bytes: MOST_VIEWED_BYTES });
      viewing = { from, to, at: now, viewed: viewAll(party, chart, wanted.slice(from, to)) };
    }
    const { from: first, to: last, viewed } = viewing;
    const to = Math.min(last, endOf(wanted, from, { count: MOST_FILES, bytes: MOST_BYTES }));
    const group = wanted.slice(from, to);
    const places = [from - first, to - first] as const;
    from = to;
    const fetched = viewed.then(async ({ views, ...given }) => {
      return await fetchViewed(party, group, { views: views.slice(...places), ...given });
    });
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
      yield { group: now.group, files: await now.fetched };
    }
  } finally {
    // Files of a group that its reader did not wait for.
    const files = await ahead?.fetched.catch(() => []);
    for (const file of files ?? []) {
      if (!(file instanceof MedsealError)) await file.sealed.discard();
    }
  }
}

/** Versions whose views were asked for together, by their places among those that are wanted. */
interface Viewing {
  readonly from: number;
  readonly to: number;
  /** Unix seconds. */
  readonly at: number;
  readonly viewed: Promise<VersionsViewed>;
}

/** A group whose files are fetched. */
interface Asked {
  readonly group: readonly ChartRecord[];
  readonly viewed: Promise<VersionsViewed>;
  readonly fetched: Promise<readonly GroupFile[]>;
}

/** The end of versions, from a place on, that are few and small together; a large one goes alone. */
function endOf(
  wanted: readonly ChartRecord[],
  from: number,
  most: { readonly count: number; readonly bytes: number },
): number {
  let bytes = 0;
  for (let place = from; place < wanted.length; place += 1) {
    bytes += wanted[place]?.size ?? 0;
    const isFull = place - from === most.count || bytes > most.bytes;
    if (place > from && isFull) return place;
  }
  return wanted.length;
}

/** Asks for views of the versions that the reader has keys of; the others get the reason in place of one. */
async function viewAll(
  party: Party,
  chart: Chart,
  wanted: readonly ChartRecord[],
): Promise<VersionsViewed> {
  const reasons = wanted.map((record) => attempt(() => chart.openerFor(record)));
  const asked = wanted.filter((_, place) => !(reasons[place] instanceof MedsealError));
  if (asked.length === 0) {
    return { views: reasons.flatMap((each) => (each instanceof MedsealError ? [each] : [])) };
  }
  const { views, ...viewed } = await viewVersions(party, chart, asked);
  const answers = views.values();
  const all = reasons.map((reason) =>
    reason instanceof MedsealError
      ? reason
      : (answers.next().value ?? new MedsealError('PEER_MALFORMED', { what: 'outcome' })),
  );
  return { views: all, ...viewed };
}

function attempt<Value>(run: () => Value): Value | MedsealError {
  try {
    return run();
  } catch (error) {
    return toMedsealError(error);
  }
}
