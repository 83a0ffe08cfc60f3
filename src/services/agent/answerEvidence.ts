import { pooledUtf8 } from '../../crypto/pooledBytes.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { EvidenceLog, NewEntry } from '../../log/EvidenceLog.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { askedView, isView } from '../../protocol/askedView.ts';
import { canonicalJson } from '../../protocol/canonicalJson.ts';
import type { Acknowledgement, Body, Outcome, ReleasedFile } from '../../protocol/evidence.ts';
import { ZERO32, type Address } from '../../protocol/ids.ts';
import { isRefusalCode } from '../../protocol/isRefusalCode.ts';
import { kindOf } from '../../protocol/kindOf.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import type { View, Write } from '../../protocol/requests.ts';
import { isKnownOn } from '../entries/isKnownOn.ts';
import type { PairJudged } from '../entries/judgePairs.ts';
import { onChart } from '../entries/onChart.ts';
import { readPlaces } from '../entries/readPlaces.ts';
import { versionPlaces } from '../entries/versionPlaces.ts';
import { logAskedFor, placesOfAnswers, refuseElsewhere } from './answersElsewhere.ts';
import { answerBatches } from './answerBatches.ts';
import { acknowledgementAt, chartOf, versionOf } from './chart.ts';
import { collectVerdicts, type BodyToJudge, type PairsDisputed } from './collectVerdicts.ts';
import type { AgentContext } from './AgentContext.ts';
import {
  judgeRequests,
  leaving,
  nameOf,
  receiveRequests,
  type Candidate,
  type Received,
} from './judgeRequests.ts';
import { refusal } from './refusal.ts';
import type { Releases } from './Releases.ts';
import { requireStaying } from './requireStaying.ts';
import { rotateKeys } from './rotateKeys.ts';

/**
 * Answers evidence requests: authenticates, judges, has coordinators judge, has the administrator append; and only then
 * releases what was asked for. A party's refusal becomes an entry too; an unsigned request does not.
 *
 * @param agent - The agent's context.
 * @param releases - Table in which released files are noted.
 * @param submissions - Not trusted.
 * @returns An outcome for each.
 */
export async function answerEvidence(
  agent: AgentContext,
  releases: Releases,
  submissions: readonly Submission[],
): Promise<readonly Outcome[]> {
  await agent.index.refresh();
  const outcomes = new Map<number, Outcome>();
  const authentic = sound(await receiveRequests(agent, submissions), outcomes);
  const known = await placesOfAnswers(agent, authentic);
  const received = within(agent, authentic, known, outcomes);
  await awaitEntries(agent, received);
  // Not before: a request that waited for its signatures to be verified would be too old for the coordinators.
  const at = agent.index.moment;
  const unanswered = await answerKnown(agent, releases, { received, known }, at, outcomes);
  // Before those of former keys are refused: a copy may not have the answer to one yet.
  const here = present(await refuseElsewhere(agent, unanswered, outcomes), outcomes);
  const fresh = await takenStill(agent, here, outcomes);
  const candidates = sound(await judgeRequests(agent, fresh, at), outcomes, fresh);
  const accepted = candidates.filter(({ refused }) => refused === undefined);
  // Asked at the same time as the coordinators, so that no packet waits longer for it than for them.
  if (accepted.some(({ request }) => isForPacket(request))) void agent.contributor.isAbreast();
  const declined = candidates.filter(({ refused }) => refused !== undefined);
  for (const late of await enter(agent, accepted, outcomes, releases)) declined.push(late);
  const refused = await answerBatches(agent, declined, outcomes);
  await enter(agent, toEnter(agent, refused, outcomes), outcomes, releases);
  return submissions.map((_, place) => outcomes.get(place) ?? refusal(undefined));
}

/** The requests of parties whose answers did not take too much of the processor lately; the others are refused, without an entry. */
function within(
  agent: AgentContext,
  received: readonly Received[],
  known: ReadonlyMap<number, number | undefined>,
  outcomes: Map<number, Outcome>,
): readonly Received[] {
  return received.filter(({ place, request, former }) => {
    if (former === true) return true;
    try {
      // Whoever sees an audit, or judged it, can send it again.
      const isAgain =
        known.get(place) !== undefined ||
        request.message.log !== agent.log.identity.name ||
        request.message.deadline < agent.index.moment;
      agent.accounts.note(request.party, isAgain);
      return true;
    } catch (error) {
      outcomes.set(place, refusal(toMedsealError(error)));
      return false;
    }
  });
}

/** The requests that the present key of their party signed; the others are refused. */
function present(
  received: readonly Received[],
  outcomes: Map<number, Outcome>,
): readonly Received[] {
  return received.filter(({ place, former }) => {
    if (former) outcomes.set(place, refusal(new MedsealError('SIGNATURE_INVALID', {})));
    return !former;
  });
}

/** The requests that the log may still take; the others are refused. */
async function takenStill(
  agent: AgentContext,
  received: readonly Received[],
  outcomes: Map<number, Outcome>,
): Promise<readonly Received[]> {
  try {
    await agent.requireOpen();
    requireStaying(agent);
    return received;
  } catch (error) {
    for (const { place } of received) outcomes.set(place, refusal(toMedsealError(error)));
    return [];
  }
}

/** Tells whether it asks for data that a grant's packet opens. */
function isForPacket({ type, message }: Candidate['request']): boolean {
  if (type !== 'View') return false;
  const { what, grant } = message as View;
  return what === 'chart' && grant !== ZERO32;
}

/** Holds charts back that are to come after entries which are on their way: before they are judged, not after. */
async function awaitEntries(agent: AgentContext, received: readonly Received[]): Promise<void> {
  const waiting = received.flatMap(({ request, after }) => {
    const isChart = request.type === 'View' && (request.message as View).what === 'chart';
    return isChart && after !== undefined ? [agent.awaitEntries(request.party, after)] : [];
  });
  if (waiting.length === 0) return;
  await Promise.all(waiting);
  await agent.index.refresh();
}

/** The refusals that become entries; the others are answered too. */
function toEnter(
  agent: AgentContext,
  declined: readonly Candidate[],
  outcomes: Map<number, Outcome>,
): readonly Candidate[] {
  return declined.filter(({ place, request, refused, opening, pairs }) => {
    const { party, message } = request;
    const { handle } = message;
    // It is on nobody's audit, or coordinators cannot judge it: it costs no entry.
    const isJudged = agent.index.patient(handle) !== undefined && isRefusalCode(refused?.code);
    const known = isKnownOn(agent, request, opening);
    const isPatient = agent.index.patient(handle)?.controller === party;
    const wanted = { handle, party, known, isPatient, ...(pairs && { pairs: pairs.length }) };
    if (isJudged && agent.refusals.mayEnter(wanted)) return true;
    outcomes.set(place, refusal(refused));
    return false;
  });
}

/** Those that are not errors; an error becomes the outcome of its place. */
function sound<Item extends object>(
  items: readonly (Item | MedsealError)[],
  outcomes: Map<number, Outcome>,
  places?: readonly Received[],
): readonly Item[] {
  return items.flatMap((item, i) => {
    if (!(item instanceof MedsealError)) return [item];
    outcomes.set(places?.[i]?.place ?? i, refusal(item));
    return [];
  });
}

/** Requests, and the places of the entries that answered them, by their places in the list that they came in. */
interface KnownAnswers {
  readonly received: readonly Received[];
  readonly known: ReadonlyMap<number, number | undefined>;
}

/**
 * Answers requests that were answered before.
 * @returns The others.
 */
async function answerKnown(
  agent: AgentContext,
  releases: Releases,
  { received, known }: KnownAnswers,
  at: number,
  outcomes: Map<number, Outcome>,
): Promise<readonly Received[]> {
  const answering = received.map(async (each) => {
    const index = known.get(each.place);
    if (index === undefined) return;
    const log = logAskedFor(agent, each);
    const outcome = acknowledgementAt(log, index).then(async (before) => {
      if (log === agent.log) await agent.administrator.kept(index);
      return await answerAgain(agent, releases, each, before, at);
    });
    outcomes.set(each.place, await outcome.catch((error: unknown) => refusal(error)));
  });
  await Promise.all(answering);
  return received.filter(({ place }) => known.get(place) === undefined);
}

/**
 * The first answer again; a file or packet is released again only while the right still holds. A party that signed the
 * same content again gets the entry that it has already.
 */
async function answerAgain(
  agent: AgentContext,
  releases: Releases,
  received: Received,
  acknowledgement: Acknowledgement,
  at: number,
): Promise<Outcome> {
  const { flag, code, request } = JSON.parse(acknowledgement.body) as Body;
  if (request.signature !== received.request.signature) {
    return refusal(new MedsealError('REQUEST_ALTERED', {}), acknowledgement);
  }
  if (flag === 'R') return refusal(await refusedBefore(agent, received, code), acknowledgement);
  if (!isView(request)) return await answer(agent, releases, received, acknowledgement);
  const [judged] = await judgeRequests(agent, [received], at);
  if (judged === undefined || judged instanceof MedsealError) throw judged;
  return await answer(agent, releases, judged, acknowledgement);
}

/** A refusal of which the log keeps only the code. */
async function refusedBefore(
  agent: AgentContext,
  { request, pairs: [first] = [] }: Received,
  code: string | undefined,
): Promise<MedsealError> {
  const { handle } = request.message;
  const known = isRefusalCode(code) ? code : 'RIGHT_MISSING';
  switch (known) {
    case 'CATEGORY_EXCLUDED': {
      const { category, log } = request.message as Write;
      const { channel } = logOf(agent.network, log);
      return new MedsealError(known, { category, channel: channel.name });
    }
    case 'ROLE_UNFIT': {
      const { category } = request.message as Write;
      const role = agent.index.party(request.party)?.role ?? 'patient';
      return new MedsealError(known, { what: category, role });
    }
    case 'RECORD_ERASED': {
      const { handle: of } = request.message;
      const erased = first === undefined ? (request.message as View) : { handle: of, ...first };
      const written = await versionOf(agent, erased);
      if (written === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
      const { category } = (JSON.parse(written.body) as Body).request.message as Write;
      return new MedsealError(known, { category });
    }
    case 'EPOCH_STALE':
      return new MedsealError(known, { epoch: agent.index.patient(handle)?.epoch ?? 0 });
    case 'READINGS_INVALID':
    case 'READINGS_UNTIMELY':
    case 'REQUEST_MALFORMED':
    case 'NOT_FOUND':
      return new MedsealError(known, { what: 'request' });
    case 'CHART_FROZEN':
    case 'FILE_MISMATCH':
    case 'FILE_TAKEN':
    case 'KEEP_TOO_LONG':
    case 'LINE_OF_ANOTHER':
    case 'PARTY_SUSPENDED':
    case 'REQUEST_ALTERED':
    case 'RIGHT_ENDED':
    case 'RIGHT_MISSING':
      return new MedsealError(known, {});
  }
}

/**
 * Has candidates judged and appended, and notes their outcomes.
 * @returns Those that the coordinators did not agree to, to be entered as refused.
 */
async function enter(
  agent: AgentContext,
  candidates: readonly Candidate[],
  outcomes: Map<number, Outcome>,
  releases: Releases,
): Promise<Candidate[]> {
  if (candidates.length === 0) return [];
  const fresh = await freshPlaces(agent, candidates);
  // Not before: a thousand record versions were judged meanwhile, perhaps by coordinators too.
  const at = agent.index.moment;
  const bodies = candidates.map((candidate) => bodyOf(agent, candidate, at, fresh));
  const { verdicts, refusals, disputed } = await collectVerdicts(agent, bodies);
  const absent = await stage(
    agent,
    candidates.filter((_, i) => !refusals.has(i)),
  );
  const again: Candidate[] = [];
  const entries: NewEntry[] = [];
  const entered: Candidate[] = [];
  const asking: Candidate[] = [];
  for (const [i, candidate] of candidates.entries()) {
    const refused = refusals.get(i) ?? absent.get(candidate.place);
    const judged = bodies[i];
    if (judged === undefined) continue;
    const pairs = candidate.refused === undefined ? disputed.get(i) : undefined;
    const next = pairs && (await askedAgain(agent, candidate, pairs));
    if (next !== undefined) {
      (next.refused === undefined ? asking : again).push(next);
    } else if (refused === undefined) {
      entered.push(candidate);
      entries.push({
        entry: bytesToHex(judged.entry),
        body: judged.body,
        ...nameOf(candidate),
        handle: candidate.request.message.handle,
        ...onChart(candidate.request, candidate.refused === undefined),
        verdicts: verdicts[i] ?? [],
      });
    } else if (candidate.refused === undefined && !refused.retry) {
      again.push({ ...candidate, refused });
    } else {
      if (isMedsealError(refused, 'EPOCH_DUE')) {
        // They know of an end that is not known here; the next try is judged after it.
        const { handle } = candidate.request.message;
        await rotateKeys(agent, handle, refused.values.epoch).catch(() => undefined);
      }
      outcomes.set(candidate.place, await unentered(agent, releases, candidate, refused, at));
    }
  }
  const acknowledgements = await agent.administrator.append(entries).catch((error: unknown) => {
    for (const { place } of entered) outcomes.set(place, refusal(error));
    return [];
  });
  agent.contributor.entered(entries.map(({ handle }) => handle));
  for (const [i, acknowledgement] of acknowledgements.entries()) {
    const candidate = entered[i];
    if (candidate === undefined) continue;
    // The same request may have been on its way twice; the other one then has the entry, whatever it says.
    const first = acknowledgement.entry === entries[i]?.entry;
    const outcome = first
      ? answer(agent, releases, candidate, acknowledgement)
      : answerAgain(agent, releases, candidate, acknowledgement, at);
    outcomes.set(candidate.place, await outcome.catch((error) => refusal(error)));
  }
  again.push(...(await enter(agent, asking, outcomes, releases)));
  return again;
}

/**
 * The set as coordinators are asked again: once with the entries of what somebody disputed, who may not have them yet, and then
 * without what as many of them as must do not accept; refused if nothing is left.
 *
 * @returns Nothing if they do not say the same, or would accept what the agent does not: another try may go otherwise.
 */
async function askedAgain(
  agent: AgentContext,
  candidate: Candidate,
  { alike, all }: PairsDisputed,
): Promise<Candidate | undefined> {
  const { judged = [], pairs = [], shown, narrowed } = candidate;
  if (narrowed === true) return undefined;
  if (shown === undefined) {
    const { handle } = candidate.request.message;
    const wanted = pairs.filter((_, place) => all.has(place)).map((pair) => ({ handle, ...pair }));
    const places = await versionPlaces(agent.logs.values(), wanted);
    const entries = await readPlaces(places);
    return { ...candidate, shown: entries.filter((entry) => entry !== undefined) };
  }
  const isKnown = [...(alike ?? [])].every((place) => !(judged[place] instanceof MedsealError));
  if (alike === undefined || !isKnown) return undefined;
  const without = judged.map((each, place) => (alike.has(place) ? LEFT_OUT : each));
  return leaving({ ...candidate, narrowed: true }, without);
}

/** The first place of each log that other organisations may not have copied yet. */
async function freshPlaces(
  agent: AgentContext,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<EvidenceLog, number>> {
  if (!candidates.some(({ judged }) => judged !== undefined)) return new Map();
  const looking = [...agent.logs.values()].map(async (log) => {
    return [log, (await log.latestCheckpoint())?.checkpoint.size ?? 0] as const;
  });
  return new Map(await Promise.all(looking));
}

/** The answer to a request without an entry, by the coordinators' reasons. */
async function unentered(
  agent: AgentContext,
  releases: Releases,
  candidate: Candidate,
  reason: MedsealError,
  at: number,
): Promise<Outcome> {
  if (isMedsealError(reason, 'ANSWER_DISPUTED')) {
    // The same request may have been on its way twice, and have its answer by now.
    const [index] = await agent.log.answeredAt([nameOf(candidate)]);
    if (index !== undefined) {
      const before = await acknowledgementAt(agent.log, index);
      return await answerAgain(agent, releases, candidate, before, at);
    }
  }
  // A request whose refusal no coordinator enters is still refused, for the reason that the agent found.
  const isCounted = !reason.retry || reason.code === 'QUOTA_SPENT';
  return refusal(isCounted ? (candidate.refused ?? reason) : reason);
}

/**
 * Makes patients owners of files before the entries that name them, so that no crash between the two loses one.
 * @returns The reasons for which it cannot be done, by place.
 */
async function stage(
  agent: AgentContext,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<number, MedsealError>> {
  const writes = candidates.flatMap(({ place, request, refused }) => {
    if (request.type !== 'Write' || refused !== undefined) return [];
    const { file: hash, handle } = request.message as Write;
    return [{ place, party: request.party, hash, handle }];
  });
  if (writes.length === 0) return new Map();
  const failed = new Map<number, MedsealError>();
  try {
    const absent = new Set((await agent.vault.ownAll(writes)).map(({ hash }) => hash));
    for (const { place, party, hash } of writes) {
      if (absent.has(hash)) failed.set(place, new MedsealError('FILE_ABSENT', {}));
      else agent.leases.release(party, hash);
    }
  } catch (error) {
    for (const { place } of writes) failed.set(place, toMedsealError(error));
  }
  return failed;
}

function bodyOf(
  agent: AgentContext,
  candidate: Candidate,
  at: number,
  fresh: ReadonlyMap<EvidenceLog, number>,
): BodyToJudge {
  const {
    request,
    refused,
    opening,
    record,
    will,
    readings,
    pairs,
    judged = [],
    shown = [],
  } = candidate;
  const left = [...judged.entries()].flatMap(([place, each]) =>
    each instanceof MedsealError ? [place] : [],
  );
  const recent = judged.flatMap((each) => {
    if (each instanceof MedsealError || each.place === undefined) return [];
    return each.place.index >= (fresh.get(each.place.log) ?? 0) ? [each.entry] : [];
  });
  const records = [...new Map([...recent, ...shown].map((each) => [each.entry, each])).values()];
  const body: Body = {
    format: 'medseal-body/1',
    flag: refused === undefined ? 'A' : 'R',
    ...(refused && { code: refused.code }),
    log: agent.log.identity.name,
    at,
    block: agent.index.block,
    request,
    ...(readings && { readings }),
    ...(refused === undefined && left.length > 0 && { left }),
    salt: bytesToHex(agent.random(16)),
  };
  const text = canonicalJson(body);
  return {
    kind: kindOf(body),
    body: text,
    entry: agent.primitives.sha256(pooledUtf8(text)),
    ...(opening && { opening }),
    ...(record && { record }),
    ...(will && { will }),
    ...(pairs && { pairs }),
    ...(records.length > 0 && { records }),
  };
}

/** The answer to an entry of the log: a refusal, or the acknowledgement with what was asked for. */
async function answer(
  agent: AgentContext,
  releases: Releases,
  { request, digest, coverage, refused, judged }: Omit<Candidate, 'place'>,
  acknowledgement: Acknowledgement,
): Promise<Outcome> {
  if (refused !== undefined) return refusal(refused, acknowledgement);
  if (judged !== undefined) {
    // It may be answered again: what was left out then stays out.
    const left = new Set((JSON.parse(acknowledgement.body) as Body).left);
    const files = judged.map((each, place) => {
      const pair = left.has(place) && !(each instanceof MedsealError) ? LEFT_OUT : each;
      return releasedFile(releases, pair, acknowledgement.index, request.party);
    });
    return { outcome: 'acknowledged', acknowledgement, release: { files } };
  }
  const view = askedView(request);
  if (view === undefined) return { outcome: 'acknowledged', acknowledgement };
  if (view.what === 'chart') {
    const chart = await chartOf(agent, view, coverage ?? {});
    const ticket = releases.release('chart', digest, acknowledgement.index, request.party);
    return { outcome: 'acknowledged', acknowledgement, release: { ...chart, ticket } };
  }
  if (view.what === 'audit' || view.what === 'chain') {
    const ticket = releases.release('audit', digest, acknowledgement.index, request.party);
    return { outcome: 'acknowledged', acknowledgement, release: { ticket } };
  }
  const written = await versionOf(agent, view);
  if (written === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
  const { file } = (JSON.parse(written.body) as Body).request.message as Write;
  const ticket = releases.release('file', file, acknowledgement.index, request.party);
  return { outcome: 'acknowledged', acknowledgement, release: { ticket } };
}

/** The answer to a reader about a record version that is left out. */
const LEFT_OUT = new MedsealError('NOT_FOUND', { what: 'record' });

/** The ticket of an accepted record version; of another one that it was erased, if the right covers it, and no other reason. */
function releasedFile(
  releases: Releases,
  judged: PairJudged | MedsealError,
  index: number,
  party: Address,
): ReleasedFile {
  if (!(judged instanceof MedsealError)) {
    return { ticket: releases.release('file', judged.write.file, index, party) };
  }
  const reason = isMedsealError(judged, 'RECORD_ERASED') ? judged : LEFT_OUT;
  return { problem: reason.toProblem() };
}
