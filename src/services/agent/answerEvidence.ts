import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { NewEntry } from '../../log/EvidenceLog.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { canonicalJson } from '../../protocol/canonicalJson.ts';
import type { Acknowledgement, Body, Outcome } from '../../protocol/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { authenticate, judgeEvidence } from '../../protocol/judgeEvidence.ts';
import type { Coverage } from '../../protocol/judgeRight.ts';
import { parseMessage, parseSigned } from '../../protocol/parseSigned.ts';
import type { EvidenceType, Grant, Signed, View, Write } from '../../protocol/requests.ts';
import type { JudgedBody } from '../ports.ts';
import { versionIn } from '../versionIn.ts';
import { chartOf, versionOf } from './chart.ts';
import { collectVerdicts } from './collectVerdicts.ts';
import type { AgentContext } from './AgentContext.ts';
import { refusal } from './refusal.ts';
import type { Releases } from './Releases.ts';
import { turnKeys, turnKeysWhereDue } from './turnKeys.ts';

const EVIDENCE = ['Write', 'View'] as const;

/** A request that its party signed. */
interface Received {
  readonly place: number;
  readonly request: Signed<EvidenceType>;
  readonly digest: Bytes32;
  readonly opening?: Grant;
}

/** A request on its way to becoming an entry. */
interface Candidate extends Received {
  readonly record?: Acknowledgement;
  /** What its right covers; absent where it is refused. */
  readonly coverage?: Coverage;
  /** Why it is refused. */
  readonly refused?: MedsealError;
}

/**
 * Answers evidence requests: authenticates, judges, has coordinators judge, has the administrator append; only then
 * releases what was asked for. A party's refusal becomes an entry too; what nobody signed does not.
 *
 * @param agent - The agent's context.
 * @param releases - Where released files are noted.
 * @param submissions - Not trusted.
 * @returns An outcome for each.
 */
export async function answerEvidence(
  agent: AgentContext,
  releases: Releases,
  submissions: readonly Submission[],
): Promise<readonly Outcome[]> {
  await agent.index.refresh();
  const at = agent.index.moment;
  const outcomes = new Map<number, Outcome>();
  const judging = submissions.map(async (submission, place) => {
    try {
      const received = receive(agent, place, submission);
      const before = await agent.log.answerTo(received.digest);
      if (before === undefined) return await judge(agent, received, at);
      outcomes.set(place, await answerAgain(agent, releases, received, before, at));
    } catch (error) {
      outcomes.set(place, refusal(error));
    }
    return undefined;
  });
  const candidates = (await Promise.all(judging)).filter((candidate) => candidate !== undefined);
  const accepted = candidates.filter(({ refused }) => refused === undefined);
  const declined = candidates.filter(({ refused }) => refused !== undefined);
  for (const late of await enter(agent, accepted, at, outcomes, releases)) declined.push(late);
  await enter(agent, withinQuota(agent, declined, outcomes), at, outcomes, releases);
  return submissions.map((_, place) => outcomes.get(place) ?? refusal(undefined));
}

/** The refusals that become entries; the others are answered all the same. */
function withinQuota(
  { refusals }: AgentContext,
  declined: readonly Candidate[],
  outcomes: Map<number, Outcome>,
): readonly Candidate[] {
  return declined.filter(({ place, request, refused }) => {
    if (refusals.mayEnter(request.party)) return true;
    outcomes.set(place, refusal(refused));
    return false;
  });
}

/** Authenticates one submission; throws for what can not become an entry. */
function receive(agent: AgentContext, place: number, submission: Submission): Received {
  const request = parseSigned(submission.request, EVIDENCE);
  if (request.message.log !== agent.log.identity.name) throw new MedsealError('LOG_WRONG', {});
  const digest = authenticate(agent, agent.index, request);
  const opening = submission.opening && parseMessage('Grant', submission.opening);
  return { place, request, digest, ...(opening && { opening }) };
}

/** Judges a request; throws where another try may go otherwise, for an entry is an answer for ever. */
async function judge(agent: AgentContext, received: Received, at: number): Promise<Candidate> {
  const { request, digest } = received;
  const record = await supportFor(agent, request);
  const candidate = { ...received, ...(record && { record }) };
  try {
    const coverage = judgeEvidence(agent, agent.network, agent.index, request, candidate, at);
    await requireTurned(agent, request, at);
    await requireFree(agent, request, digest);
    return { ...candidate, coverage };
  } catch (error) {
    const refused = toMedsealError(error);
    if (refused.retry) throw refused;
    return { ...candidate, refused };
  }
}

/** The record version that a view or an amendment builds on. */
async function supportFor(
  agent: AgentContext,
  { type, message }: Signed<EvidenceType>,
): Promise<Acknowledgement | undefined> {
  if (type === 'View') {
    const { what, handle, record, version } = message as View;
    return what === 'record' ? await versionOf(agent, { handle, record, version }) : undefined;
  }
  const { action, handle, record, version } = message as Write;
  if (action !== 'amend') return undefined;
  return await versionOf(agent, { handle, record, version: version - 1 });
}

/** Sees to it that a version is sealed to an epoch whose keys no former grantee has. */
async function requireTurned(
  agent: AgentContext,
  { type, message }: Signed<EvidenceType>,
  at: number,
): Promise<void> {
  if (type !== 'Write') return;
  const { handle, epoch: sealed } = message as Write;
  await turnKeysWhereDue(agent, handle, at);
  const epoch = agent.index.patient(handle)?.epoch ?? 0;
  if (sealed !== epoch) throw new MedsealError('EPOCH_STALE', { epoch });
}

/** Checks that a version's number is not taken, and that the vault holds its file. */
async function requireFree(
  agent: AgentContext,
  { type, message }: Signed<EvidenceType>,
  digest: Bytes32,
): Promise<void> {
  if (type !== 'Write') return;
  const { handle, record, version, file, size } = message as Write;
  const known = await versionOf(agent, { handle, record, version });
  const same = known && (await agent.log.answerTo(digest))?.entry === known.entry;
  if (known !== undefined && same !== true) throw new MedsealError('REQUEST_ALTERED', {});
  const stored = await agent.vault.stat(file);
  if (stored === undefined) throw new MedsealError('FILE_ABSENT', {});
  if (stored.size !== size) throw new MedsealError('FILE_MISMATCH', {});
}

/** The first answer again; a file or packet is released again only while the right still holds. */
async function answerAgain(
  agent: AgentContext,
  releases: Releases,
  received: Received,
  acknowledgement: Acknowledgement,
  at: number,
): Promise<Outcome> {
  const { flag, code, request } = JSON.parse(acknowledgement.body) as Body;
  if (request.signature !== received.request.signature) {
    throw new MedsealError('REQUEST_ALTERED', {});
  }
  if (flag === 'R') return refusal(refusedBefore(agent, received, code), acknowledgement);
  if (request.type === 'Write') return await answer(agent, releases, received, acknowledgement);
  return await answer(agent, releases, await judge(agent, received, at), acknowledgement);
}

/** A refusal of which the log keeps the code alone. */
function refusedBefore(
  agent: AgentContext,
  { request }: Received,
  code: ErrorCode = 'RIGHT_MISSING',
): MedsealError {
  const { handle } = request.message;
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check
  switch (code) {
    case 'EPOCH_STALE':
      return new MedsealError(code, { epoch: agent.index.patient(handle)?.epoch ?? 0 });
    case 'REQUEST_MALFORMED':
    case 'NOT_FOUND':
      return new MedsealError(code, { what: 'request' });
    case 'EVIDENCE_INVALID':
      return new MedsealError(code, { reason: 'it was judged so before' });
    default:
      return new MedsealError(code, {} as never);
  }
}

/**
 * Has candidates judged and appended, and notes their outcomes.
 * @returns Those that the coordinators did not agree to, to be entered as refused.
 */
async function enter(
  agent: AgentContext,
  candidates: readonly Candidate[],
  at: number,
  outcomes: Map<number, Outcome>,
  releases: Releases,
): Promise<Candidate[]> {
  if (candidates.length === 0) return [];
  const bodies = candidates.map((candidate) => bodyOf(agent, candidate, at));
  const { verdicts, refusals } = await collectVerdicts(agent, bodies);
  const again: Candidate[] = [];
  const entries: NewEntry[] = [];
  const entered: Candidate[] = [];
  for (const [i, candidate] of candidates.entries()) {
    const refused = refusals.get(i) ?? (await stage(agent, candidate));
    const body = bodies[i]?.body ?? '';
    if (refused === undefined) {
      entered.push(candidate);
      entries.push({
        entry: bytesToHex(agent.primitives.sha256(utf8ToBytes(body))),
        body,
        request: candidate.digest,
        handle: candidate.request.message.handle,
        ...versionIn(candidate.request, candidate.refused === undefined),
        verdicts: verdicts[i] ?? [],
      });
    } else if (candidate.refused === undefined && !refused.retry) {
      again.push({ ...candidate, refused });
    } else {
      if (isMedsealError(refused, 'EPOCH_DUE')) {
        // They know of an end that is not known here; the next try is judged after it.
        const { handle } = candidate.request.message;
        await turnKeys(agent, handle, refused.values.epoch).catch(() => undefined);
      }
      outcomes.set(candidate.place, refusal(refused));
    }
  }
  const acknowledgements = await agent.administrator.append(entries).catch((error: unknown) => {
    for (const { place } of entered) outcomes.set(place, refusal(error));
    return [];
  });
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
  return again;
}

/**
 * Makes the patient an owner of a file before the entry that names it, so that no crash between the two loses it.
 * @returns Why it can not be done.
 */
async function stage(
  agent: AgentContext,
  { request, refused }: Candidate,
): Promise<MedsealError | undefined> {
  if (request.type !== 'Write' || refused !== undefined) return undefined;
  const { file, handle } = request.message as Write;
  try {
    await agent.vault.own(file, handle);
    agent.leases.release(request.party, file);
    return undefined;
  } catch (error) {
    return toMedsealError(error);
  }
}

function bodyOf(agent: AgentContext, candidate: Candidate, at: number): JudgedBody {
  const { request, refused, opening, record } = candidate;
  const body: Body = {
    format: 'medseal-body/1',
    flag: refused === undefined ? 'A' : 'R',
    ...(refused && { code: refused.code }),
    log: agent.log.identity.name,
    at,
    block: agent.index.block,
    request,
    salt: bytesToHex(agent.random(16)),
  };
  return { body: canonicalJson(body), ...(opening && { opening }), ...(record && { record }) };
}

/** The answer to what stands in the log: a refusal, or the acknowledgement with what was asked for. */
async function answer(
  agent: AgentContext,
  releases: Releases,
  { request, digest, coverage, refused }: Omit<Candidate, 'place'>,
  acknowledgement: Acknowledgement,
): Promise<Outcome> {
  if (refused !== undefined) return refusal(refused, acknowledgement);
  if (request.type === 'Write') return { outcome: 'acknowledged', acknowledgement };
  const view = request.message as View;
  if (view.what === 'chart') {
    const release = await chartOf(agent, view, coverage ?? {});
    return { outcome: 'acknowledged', acknowledgement, release };
  }
  if (view.what === 'audit') {
    const ticket = releases.release(digest);
    return { outcome: 'acknowledged', acknowledgement, release: { ticket } };
  }
  const written = await versionOf(agent, view);
  if (written === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
  const { file } = (JSON.parse(written.body) as Body).request.message as Write;
  const ticket = releases.release(file);
  return { outcome: 'acknowledged', acknowledgement, release: { ticket } };
}
