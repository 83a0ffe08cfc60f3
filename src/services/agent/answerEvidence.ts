import { bytesToHex } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { NewEntry } from '../../log/EvidenceLog.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { Outcome } from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { isRefusalCode } from '../../protocol/wire/isRefusalCode.ts';
import type { View, Write } from '../../protocol/struct/requests.ts';
import { isKnownOn } from '../entries/isKnownOn.ts';
import { onChart } from '../entries/onChart.ts';
import { logAskedFor, placesOfAnswers, refuseElsewhere } from './answersElsewhere.ts';
import { answerBatches } from './answerBatches.ts';
import { acknowledgementAt } from './chart.ts';
import { answerAgain, answerOf } from './answerOf.ts';
import { askedAgain, bodiesToJudge } from './bodiesToJudge.ts';
import { collectVerdicts } from './collectVerdicts.ts';
import type { AgentContext } from './AgentContext.ts';
import {
  judgeRequests,
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
  // Not before: a thousand record versions were judged meanwhile, perhaps by coordinators too.
  const at = agent.index.moment;
  const bodies = await bodiesToJudge(agent, candidates, at);
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
      ? answerOf(agent, releases, candidate, acknowledgement)
      : answerAgain(agent, releases, candidate, acknowledgement, at);
    outcomes.set(candidate.place, await outcome.catch((error) => refusal(error)));
  }
  again.push(...(await enter(agent, asking, outcomes, releases)));
  return again;
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
