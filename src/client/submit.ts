import { fromProblem } from '../errors/fromProblem.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Submission } from '../protocol/AgentPort.ts';
import { canonicalJson } from '../protocol/canonicalJson.ts';
import type { Outcome } from '../protocol/evidence.ts';
import type { EvidenceType, Messages, RuleType } from '../protocol/requests.ts';
import { sign } from '../protocol/signing.ts';
import { verifyAcknowledgement } from '../protocol/verifyAcknowledgement.ts';
import type { Party } from './Party.ts';

/** The outcome of what was not refused, by the kind of request. */
export type Accepted<Kind extends 'acknowledged' | 'mined'> = Extract<Outcome, { outcome: Kind }>;

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
  const body = verifyAcknowledgement(party, party.network, outcome.acknowledgement);
  if (body.flag !== 'A' || canonicalJson(body.request) !== canonicalJson(request)) {
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
): Promise<Accepted<'mined'>> {
  const request = sign(party, party, type, message);
  const outcome = await submitOne(party, { request, ...along });
  if (outcome.outcome !== 'mined') throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
  return outcome;
}

async function submitOne(
  party: Party,
  submission: Submission,
): Promise<Exclude<Outcome, { outcome: 'refused' }>> {
  const [outcome] = await party.agent.submit([submission]);
  if (outcome === undefined) throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
  if (outcome.outcome === 'refused') throw refusedWith(outcome);
  return outcome;
}

function refusedWith({
  problem,
  acknowledgement,
}: Extract<Outcome, { outcome: 'refused' }>): MedsealError {
  const error = fromProblem(problem);
  if (acknowledgement !== undefined) refusalEvidence.set(error, acknowledgement);
  return error;
}

const refusalEvidence = new WeakMap<MedsealError, NonNullable<RefusedOutcome['acknowledgement']>>();
type RefusedOutcome = Extract<Outcome, { outcome: 'refused' }>;

/**
 * The entry that a refusal became, where it became one.
 *
 * @param error - What a submission threw.
 */
export function evidenceOfRefusal(error: unknown): RefusedOutcome['acknowledgement'] {
  return error instanceof MedsealError ? refusalEvidence.get(error) : undefined;
}
