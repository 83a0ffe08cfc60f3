import { fromProblem } from '../../errors/fromProblem.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import {
  acknowledgementCheck,
  type AcknowledgementCheck,
} from '../../protocol/evidence/acknowledgementCheck.ts';
import { newestPlaces } from '../../protocol/evidence/newestPlaces.ts';
import type { LogPlace, Submission } from '../../protocol/AgentPort.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { Acknowledgement, Body, Outcome } from '../../protocol/evidence/evidence.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type {
  End,
  EvidenceType,
  Messages,
  RuleType,
  Write,
} from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { rememberAcknowledged } from '../state/acknowledgedHere.ts';
import { actingOpenings } from '../mandates/actingOpenings.ts';
import { evidenceSigner } from '../party/relianceOf.ts';
import type { Party } from '../party/Party.ts';

/** Outcome of a request that was not refused, by the kind of request. */
export type Accepted<Kind extends 'acknowledged' | 'placed' | 'kept'> = Extract<
  Outcome,
  { outcome: Kind }
>;

/** Outcome of one request among several: accepted, or the error. */
export type Answered<Kind extends 'acknowledged' | 'placed'> = Accepted<Kind> | MedsealError;

/**
 * Signs an evidence request, submits it, and checks the acknowledgement against the network file.
 *
 * @param party - Party that asks.
 * @param type - The struct.
 * @param message - The struct's fields.
 * @param along - Unsigned data to send with the request.
 * @throws MedsealError with the code of the refusal; `EVIDENCE_INVALID` if the acknowledgement is not valid.
 */
export async function submitEvidence<Type extends EvidenceType>(
  party: Party,
  type: Type,
  message: Messages[Type],
  along: Omit<Submission, 'request'> = {},
): Promise<Accepted<'acknowledged'>> {
  const request = sign(party, evidenceSigner(party), type, message);
  return await submitSigned(party, { request, ...along });
}

/**
 * Submits an evidence request that is signed, for the first time or again, and checks the acknowledgement.
 *
 * @param party - Party that asks.
 * @param submission - Request with its unsigned data. A byte-identical repeat gets the original answer.
 * @throws MedsealError with the code of the refusal; `EVIDENCE_INVALID` if the acknowledgement is not valid.
 */
export async function submitSigned(
  party: Party,
  submission: Submission,
): Promise<Accepted<'acknowledged'>> {
  const [answered] = await submitAllSigned(party, [submission]);
  if (answered === undefined || answered instanceof MedsealError) throw answered ?? malformed();
  return answered;
}

/**
 * Signs evidence requests, submits them at once, and checks each acknowledgement against the network file. They are
 * judged together, at a fraction of the cost of single requests; a refused one does not delay the others.
 *
 * @param party - Party that asks.
 * @param type - The struct.
 * @param messages - The structs' fields.
 * @param along - Unsigned data to send with each request.
 * @returns Outcome of each: accepted, or an error with the code of the refusal; `EVIDENCE_INVALID` if the
 * acknowledgement is not valid; `PEER_MALFORMED` if there is no outcome.
 * @throws MedsealError if no request was answered.
 */
export async function submitAllEvidence<Type extends EvidenceType>(
  party: Party,
  type: Type,
  messages: readonly Messages[Type][],
  along: Omit<Submission, 'request'> = {},
): Promise<readonly Answered<'acknowledged'>[]> {
  return await submitAllSigned(
    party,
    messages.map((message) => ({
      request: sign(party, evidenceSigner(party), type, message),
      ...along,
    })),
  );
}

/**
 * Submits requests that are signed, for the first time or again, at once, and checks each acknowledgement.
 *
 * @param party - Party that asks.
 * @param submissions - Requests with their unsigned data. A byte-identical repeat gets the original answer.
 * @returns Outcome of each: accepted, or an error with the code of the refusal.
 * @throws MedsealError if no request was answered.
 */
export async function submitAllSigned(
  party: Party,
  submissions: readonly Submission[],
): Promise<readonly Answered<'acknowledged'>[]> {
  const answer: unknown = await party.agent.submit(submissions);
  const outcomes = Array.isArray(answer) ? (answer as readonly (Outcome | null)[]) : [];
  // Shared verdicts are verified once.
  const check = acknowledgementCheck(party, party.network);
  const answered = submissions.map((submission, place) => {
    const { request } = submission;
    try {
      const outcome = requireAccepted(check, submission, outcomes[place]);
      if (outcome.outcome !== 'acknowledged') throw malformed();
      if (!isAbout(check, outcome.acknowledgement, request, 'A')) {
        throw new MedsealError('EVIDENCE_INVALID', { reason: 'it acknowledges another request' });
      }
      return outcome;
    } catch (error) {
      return toMedsealError(error);
    }
  });
  for (const each of newestWrites(submissions, answered)) await rememberAcknowledged(party, each);
  return answered;
}

/** Last acknowledged write of each log, which a chart lists. */
function newestWrites(
  submissions: readonly Submission[],
  answered: readonly Answered<'acknowledged'>[],
): readonly LogPlace[] {
  const places = submissions.flatMap(({ request }, place) => {
    const outcome = answered[place];
    if (request.type !== 'Write' || outcome === undefined || outcome instanceof MedsealError)
      return [];
    return [outcome.acknowledgement];
  });
  return newestPlaces(places);
}

/**
 * Signs a rule request, submits it, and waits until it is on the ledger.
 *
 * @param party - Party that asks.
 * @param type - The struct.
 * @param message - The struct's fields.
 * @param along - Unsigned data to send, which the request binds.
 * @throws MedsealError with the code of the refusal.
 */
export async function submitRule<Type extends Exclude<RuleType, 'End'>>(
  party: Party,
  type: Type,
  message: Messages[Type],
  along: Omit<Submission, 'request'> = {},
): Promise<Accepted<'placed'>> {
  const outcome = await submitOne(party, { request: sign(party, party, type, message), ...along });
  if (outcome.outcome !== 'placed') throw malformed();
  return outcome;
}

/**
 * Signs the end of a right that may wait for the ledger, and has k organisations keep it.
 *
 * @param party - The patient.
 * @param end - The end.
 * @throws MedsealError with the code of the refusal.
 */
export async function submitEnd(party: Party, end: End): Promise<Accepted<'placed' | 'kept'>> {
  const outcome = await submitOne(party, { request: sign(party, party, 'End', end) });
  if (outcome.outcome === 'acknowledged') throw malformed();
  return outcome;
}

async function submitOne(
  party: Party,
  submission: Submission,
): Promise<Exclude<Outcome, { outcome: 'refused' }>> {
  const asked = { ...submission, ...(await actingOpenings(party)) };
  const answer: unknown = await party.agent.submit([asked]);
  const [first] = Array.isArray(answer) ? (answer as readonly (Outcome | null)[]) : [];
  return requireAccepted(acknowledgementCheck(party, party.network), submission, first);
}

/** Requires an outcome that is not a refusal; throws a refusal, with its evidence if that is valid. */
function requireAccepted(
  check: AcknowledgementCheck,
  submission: Submission,
  outcome: Outcome | null | undefined,
): Exclude<Outcome, { outcome: 'refused' }> {
  if (outcome?.outcome === 'refused') {
    const error = fromProblem(outcome.problem);
    const entry = outcome.acknowledgement;
    const about = entry && succeeds(() => isEvidenceOf(check, entry, submission, error));
    if (about !== true) throw error;
    throw new MedsealError(error.code, error.values, { evidence: new Refusal(entry) });
  }
  if (outcome === undefined || outcome === null) throw malformed();
  return outcome;
}

/**
 * Tells whether an entry shows that a request was refused: its own, or the one that has its content by another signature,
 * or put the same batch of readings on the chart before.
 */
function isEvidenceOf(
  check: AcknowledgementCheck,
  entry: Acknowledgement,
  { request, readings }: Submission,
  error: MedsealError,
): boolean {
  if (!isMedsealError(error, 'REQUEST_ALTERED')) return isAbout(check, entry, request);
  const body = check.request(entry);
  const { party, type, message } = body.request;
  if (readings !== undefined && body.readings !== undefined && body.flag === 'A') {
    const [before, now] = [message as Write, request.message as Write];
    const names = ['handle', 'record', 'version', 'grant'] as const;
    return party === request.party && names.every((name) => before[name] === now[name]);
  }
  return canonicalJson({ ...request, party, type, message }) === canonicalJson(request);
}

/** Tells whether a valid acknowledgement belongs to a request. */
function isAbout(
  check: AcknowledgementCheck,
  acknowledgement: Acknowledgement,
  request: Submission['request'],
  flag?: Body['flag'],
): boolean {
  const body = check.request(acknowledgement);
  if (flag !== undefined && body.flag !== flag) return false;
  return canonicalJson(body.request) === canonicalJson(request);
}

function malformed(): MedsealError {
  return new MedsealError('PEER_MALFORMED', { what: 'outcome' });
}

/** Evidence that a request was refused. */
class Refusal {
  readonly entry: Acknowledgement;

  constructor(entry: Acknowledgement) {
    this.entry = entry;
  }
}

/**
 * Returns the entry of a refused request, if it has a valid one; for an altered request, the entry in its place.
 *
 * @param error - Error that a submission threw.
 * @example
 * ```ts
 * await readChart(doctor, { handle, grant, purpose: 'TREAT' }).catch((error: unknown) => {
 *   const entry = evidenceOfRefusal(error);
 *   if (entry === undefined) throw error;
 *   console.log(`The refusal is entry ${entry.index} of ${entry.log}.`);
 * });
 * ```
 */
export function evidenceOfRefusal(error: unknown): Acknowledgement | undefined {
  const evidence = isMedsealError(error) ? error.evidence : undefined;
  return evidence instanceof Refusal ? evidence.entry : undefined;
}
