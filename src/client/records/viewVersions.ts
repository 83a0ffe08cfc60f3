import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { fromProblem } from '../../errors/fromProblem.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Acknowledgement, ReleasedFile } from '../../protocol/evidence/evidence.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import { provePairs, type PairInSet } from '../../protocol/release/releasedView.ts';
import type { KeptView, View, ViewSet } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import {
  listPairs,
  MOST_KEPT_PAIRS,
  MOST_PAIRS,
  pairName,
  type ViewPair,
} from '../../protocol/evidence/viewSet.ts';
import type { Party } from '../party/Party.ts';
import { evidenceSigner, relianceOf } from '../party/relianceOf.ts';
import { hearEnd } from '../kept/hearEnd.ts';
import { submitAllSigned, type Answered } from '../agent/submit.ts';
import { newReader, type ShareWanted, type SharesReleased } from './releasedShares.ts';
import type { ChartRecord, ChartWanted } from './viewChart.ts';

/** A record version whose file was released. */
export interface VersionViewed {
  /** Evidence of this view. */
  readonly acknowledgement: Acknowledgement;
  /** Fetches the sealed file within five minutes. */
  readonly ticket: string;
  /** The place to which the salt of the view commits, for the shares that are released for it. */
  readonly place: number;
  /** The record version among those of the view, if that is of several. */
  readonly pair?: PairInSet;
}

/** Record versions whose files were released. */
export interface VersionsViewed {
  /** Release of each, or the error. */
  readonly views: readonly (VersionViewed | MedsealError)[];
  /** Has shares released for them; absent if they open without. */
  readonly releasing?: Releasing;
}

/** Has coordinators release shares for views. */
export interface Releasing {
  /**
   * Collects the shares that they release.
   * @param wanted - The seal of each file, its view and its release key; undefined for a file that opens without.
   */
  readonly collect: (
    wanted: readonly (ShareWanted | undefined)[],
  ) => Promise<readonly (SharesReleased | undefined)[]>;
  /** When the views end: nothing is released later. Unix seconds. */
  readonly until: number;
}

/** A record version that is wanted. */
type Wanted = Pick<ChartRecord, 'record' | 'version' | 'file'>;

/**
 * Asks for the sealed files of record versions, at once; the view becomes evidence before a file is released. Two or more are
 * one entry (`ViewSet`): one that is left out does not delay the others.
 *
 * @param party - The reader.
 * @param chart - Chart, and right to rely on.
 * @param wanted - Record versions of the chart, at most 1,024; one that is named twice is viewed twice.
 * @param keep - Until when the device may open them again without another view, Unix seconds; it may not if absent.
 * @throws MedsealError if nobody answers; `NODE_OLDER` from a node of before such views.
 */
export async function viewVersions(
  party: Party,
  { handle, grant, purpose, will }: ChartWanted,
  wanted: readonly Wanted[],
  keep?: number,
): Promise<VersionsViewed> {
  const { grant: relied, along: opened } = relianceOf(party, grant);
  const signer = evidenceSigner(party);
  const reader = grant === undefined ? undefined : await newReader(party);
  const along = { ...opened, ...(will && { will }) };
  const deadline = seconds(party.clock) + 300;
  const asked = listsOf(wanted, keep === undefined ? MOST_PAIRS : MOST_KEPT_PAIRS).map(
    (list, place) => {
      const salt = reader?.saltOf(place) ?? bytesToHex(party.random(16));
      const of = { log: party.log, handle, grant: relied, purpose, deadline, salt };
      const [first] = list;
      if (first !== undefined && list.length === 1) {
        const { record, version } = wanted[first] as Wanted;
        const view: View = { ...of, what: 'record', record, version };
        const kept = keep === undefined ? undefined : ({ ...view, keep } as KeptView);
        const request = kept
          ? sign(party, signer, 'KeptView', kept)
          : sign(party, signer, 'View', view);
        return { list, place, submission: { request, ...along } };
      }
      const versions = list.map((nth) => wanted[nth] as Wanted);
      const { pairs, root, count } = listPairs(party.primitives, salt, versions);
      const set: ViewSet = { ...of, root, count, keep: keep ?? 0 };
      const request = sign(party, signer, 'ViewSet', set);
      return { list, place, submission: { request, pairs, ...along } };
    },
  );
  const hasSets = asked.some(({ submission }) => 'pairs' in submission);
  const answers = await submitAllSigned(
    party,
    asked.map(({ submission }) => submission),
  ).catch((error: unknown) => {
    throw hasSets && error instanceof MedsealError ? unlessOlder(error) : error;
  });
  const views: (VersionViewed | MedsealError)[] = [];
  for (const [i, { list, place, submission }] of asked.entries()) {
    const given = answers[i] ?? new MedsealError('PEER_MALFORMED', { what: 'outcome' });
    const isSet = 'pairs' in submission;
    const answer = isSet && given instanceof MedsealError ? unlessOlder(given) : given;
    const seen = viewedIn(party, submission, place, answer);
    if (answer instanceof MedsealError) {
      const file = list.length === 1 ? wanted[list[0] ?? 0]?.file : undefined;
      await hearEnd(party, { grant: relied, ...(file && { file }) }, answer);
    }
    for (const nth of list) {
      const version = wanted[nth] as Wanted;
      const view = seen(version);
      if (view !== answer) await hearEnd(party, { file: version.file }, view);
      views[nth] = view;
    }
  }
  if (reader === undefined) return { views };
  const collect: Releasing['collect'] = async (seals) => await reader.collect(seals, along);
  return { views, releasing: { collect, until: deadline } };
}

/** The reason why a set was refused: this device makes none that is malformed, so its node does not know them. */
function unlessOlder(error: MedsealError): MedsealError {
  return isMedsealError(error, 'REQUEST_MALFORMED')
    ? new MedsealError('NODE_OLDER', { what: 'views of several records' }, { cause: error })
    : error;
}

/** Divides versions into lists, by their places, that name none twice and are no longer than one request may name. */
function listsOf(wanted: readonly ViewPair[], most: number): readonly (readonly number[])[] {
  const lists: { readonly names: Set<string>; readonly places: number[] }[] = [];
  for (const [place, pair] of wanted.entries()) {
    const name = pairName(pair);
    let list = lists.find(({ names }) => names.size < most && !names.has(name));
    if (list === undefined) lists.push((list = { names: new Set(), places: [] }));
    list.names.add(name);
    list.places.push(place);
  }
  return lists.map(({ places }) => places);
}

/** Returns what was released of each version that a request names, or why it was not. */
function viewedIn(
  { primitives }: Party,
  { request, pairs }: Submission,
  place: number,
  answer: Answered<'acknowledged'>,
): (version: ViewPair) => VersionViewed | MedsealError {
  if (answer instanceof MedsealError) return () => answer;
  const { acknowledgement, release } = answer;
  if (pairs === undefined) {
    return () => ({ acknowledgement, ticket: release?.ticket ?? '', place });
  }
  const { left = [] } = parseBody(acknowledgement.body);
  const given: unknown = release?.files;
  const files = Array.isArray(given) ? (given as readonly (ReleasedFile | null)[]) : [];
  const views = new Map<string, VersionViewed | MedsealError>();
  for (const pair of provePairs(primitives, (request.message as ViewSet).salt, pairs)) {
    const file = files[pair.nth];
    const problem = file && 'problem' in file ? fromProblem(file.problem) : undefined;
    // Nobody releases a share for one that the entry leaves out.
    const isLeft = left.includes(pair.nth);
    const none =
      problem ?? (isLeft ? new MedsealError('NOT_FOUND', { what: 'record' }) : undefined);
    const ticket = file && 'ticket' in file ? file.ticket : '';
    views.set(pairName(pair), none ?? { acknowledgement, ticket, place, pair });
  }
  return (version) =>
    views.get(pairName(version)) ?? new MedsealError('PEER_MALFORMED', { what: 'outcome' });
}
