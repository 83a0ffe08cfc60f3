import { fromProblem } from '../errors/fromProblem.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Submission } from '../protocol/AgentPort.ts';
import { canonicalJson } from '../protocol/canonicalJson.ts';
import type { Acknowledgement, Body, Outcome } from '../protocol/evidence.ts';
import { holds } from '../protocol/holds.ts';
import type { EvidenceType, Messages, RuleType } from '../protocol/requests.ts';
import { sign } from '../protocol/signing.ts';
import { verifyAcknowledgement } from '../protocol/verifyAcknowledgement.ts';
import type { Party } from './Party.ts';

/** The outcome of what was not refused, by the kind of request. */
export type Accepted<Kind extends 'acknowledged' | 'placed'> = Extract<Outcome, { outcome: Kind }>;

/**
 * Signs an evidence request, submits it, and checks the acknowledgement against the network file.
 *
 * @param party - Who asks.
 * @param type - The struct.
 * @param message - The struct's fields.
 * @param along - What goes along unsigned.
 * @throws MedsealError with the code of the refusal; `EVIDENCE_INVALID` where the acknowledgement does not hold.
 */
export async function submitEvidence<Type extends EvidenceType>(
  party: Party,
  type: Type,
  message: Messages[Type],
  along: Omit<Submission, 'request'> = {},
): Promise<Accepted<'acknowledged'>> {
  const request = sign(party, party, type, message);
  const outcome = await submitOne(party, { request, ...along });
  if (outcome.outcome !== 'acknowledged') {
    throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
  }
  if (!isAbout(party, outcome.acknowledgement, request, 'A')) {
    throw new MedsealError('EVIDENCE_INVALID', { reason: 'it acknowledges another request' });
  }
  return outcome;
}

/**
 * Signs a rule request, submits it, and waits until it stands on the ledger.
 *
 * @param party - Who asks.
 * @param type - The struct.
 * @param message - The struct's fields.
 * @param along - What goes along unsigned, bound by the request.
 * @throws MedsealError with the code of the refusal.
 */
export async function submitRule<Type extends RuleType>(
  party: Party,
  type: Type,
  message: Messages[Type],
  along: Omit<Submission, 'request'> = {},
): Promise<Accepted<'placed'>> {
  const request = sign(party, party, type, message);
  const outcome = await submitOne(party, { request, ...along });
  if (outcome.outcome !== 'placed') throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
  return outcome;
}

async function submitOne(
  party: Party,
  submission: Submission,
): Promise<Exclude<Outcome, { outcome: 'refused' }>> {
  const answer: unknown = await party.agent.submit([submission]);
  const outcome = Array.isArray(answer) ? (answer[0] as Outcome | undefined) : undefined;
  if (outcome?.outcome === 'refused') {
    const error = fromProblem(outcome.problem);
    const entry = outcome.acknowledgement;
    const about = entry && holds(() => isAbout(party, entry, submission.request));
    if (about === true) refusalEvidence.set(error, entry);
    throw error;
  }
  if (outcome === undefined) throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
  return outcome;
}

/** Whether an acknowledgement that holds is that of a request. */
function isAbout(
  party: Party,
  acknowledgement: Acknowledgement,
  request: Submission['request'],
  flag?: Body['flag'],
): boolean {
  const body = verifyAcknowledgement(party, party.network, acknowledgement);
  if (flag !== undefined && body.flag !== flag) return false;
  return canonicalJson(body.request) === canonicalJson(request);
}

const refusalEvidence = new WeakMap<MedsealError, Acknowledgement>();

/**
 * The entry of a request that was refused, where it has one that holds.
 *
 * @param error - What a submission threw.
 */
export function evidenceOfRefusal(error: unknown): Acknowledgement | undefined {
  return error instanceof MedsealError ? refusalEvidence.get(error) : undefined;
}
