import type { ClaimResponse, ExplanationOfBenefit } from '@medplum/fhirtypes';
import { bytesToHex, utf8ToBytes } from '../../../crypto/bytes.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { makeExplanationOfBenefit } from '../../../fhir/claims/makeClaimResponse.ts';
import { encodePart } from '../../../fhir/encodePart.ts';
import { partOfResource } from '../../../fhir/partOfResource.ts';
import type { ClaimDecision } from '../../../protocol/care/claims.ts';
import { ZERO32, type Bytes32, type RecordId } from '../../../protocol/ids.ts';
import type { Grant } from '../../../protocol/struct/requests.ts';
import type { Purpose } from '../../../protocol/vocabulary.ts';
import { nameOnDevice } from '../../party/nameOnDevice.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { Party } from '../../party/Party.ts';
import { addRecord } from '../../records/addRecord.ts';
import { readClaim, type ClaimRead } from './readClaims.ts';

/** A right to add to `billing`, for a claimant who is not the patient. */
export interface ExplanationChoice {
  readonly grant?: Grant;
  readonly purpose?: Purpose;
}

/** An explanation on the chart. */
export interface ClaimExplained {
  readonly digest: Bytes32;
  /** The record that has it. */
  readonly record: RecordId;
  readonly explanation: ExplanationOfBenefit;
  /** True if this device put the same one there before. */
  readonly already: boolean;
}

/** An insurer's decision as it came in a letter. */
interface DecisionTold {
  readonly message: ClaimDecision;
  readonly response: ClaimResponse;
}

/** Outcomes of a decision that explain a claim; asking for more does not. */
const [APPROVED, DENIED] = [1, 2];

/**
 * Puts the `ExplanationOfBenefit` of a decided claim on the chart, in category `billing`: what was asked for, what is approved, now
 * and before, and what is not covered, or is the patient's own if the insurer's reason says that. It is made from the claim, the insurer's `ClaimResponse` and what k coordinators say that the ledger has;
 * if these do not fit, nothing is written. Safe to repeat.
 *
 * @param party - The claimant, after `checkInbox`: the insurer tells nobody else of its decision.
 * @param digest - The claim.
 * @param choice - The claimant's right; none for the patient.
 * @throws MedsealError `ARGUMENT_INVALID` for a claim that is not approved, paid or denied now, or asks in advance; `NOT_FOUND` if no
 * decision came to this device; `CLAIM_ALTERED` if the ledger does not confirm the decision; and those of `readClaim`
 * and `addRecord`.
 * @example
 * ```ts
 * await checkInbox(patient);
 * const { explanation } = await explainClaim(patient, digest);
 * console.log(explanation.payment?.amount?.value);
 * ```
 */
export async function explainClaim(
  party: Party,
  digest: Bytes32,
  { grant, purpose = 'PATRQT' }: ExplanationChoice = {},
): Promise<ClaimExplained> {
  const read = await readClaim(party, digest);
  const { message, response } = await confirmedDecision(party, read);
  const { claim, currency, facts } = read;
  const units = facts.approved;
  const explanation = makeExplanationOfBenefit({
    claim,
    digest,
    outcome: message.outcome === APPROVED ? 'approve' : 'deny',
    reason: message.terms.reason,
    units,
    before: facts.before,
    ...(read.message.authorisation !== ZERO32 && { authorisation: read.message.authorisation }),
    currency,
    at: Date.parse(response.created) / 1000,
  });
  const once = `claim-explained-${nameOnDevice(party, utf8ToBytes(`${digest}/${message.step}/${units}`))}`;
  const { record, already = false } = await addRecord(party, {
    handle: read.message.terms.handle,
    purpose,
    ...(grant && { grant }),
    category: 'billing',
    content: encodePart(partOfResource(bytesToHex(party.random(16)), 'billing', explanation)),
    once,
  });
  return { digest, record, explanation, already };
}

/** The last decision of which the insurer told this device, once the ledger has it and its sums. */
async function confirmedDecision(party: Party, read: ClaimRead): Promise<DecisionTold> {
  const { facts, message: claim, told } = read;
  const { state, approved, step } = facts;
  const isPaid = state === 'approved' || state === 'paid';
  if (claim.treatment === ZERO32 || (!isPaid && state !== 'denied')) {
    const reason = 'is not a claim that is approved, paid or denied now';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'claim', reason });
  }
  const decisions = told.filter(({ request, from }) => {
    // A later step would be taken, and not only looked up.
    const isPast = request.message.step <= step;
    return from === claim.insurer && request.type === 'ClaimDecision' && isPast;
  });
  const placed: DecisionTold[] = [];
  for (const { request, resource } of decisions) {
    const message = request.message as ClaimDecision;
    const isDecided = message.outcome === APPROVED || message.outcome === DENIED;
    if (!isDecided || resource === undefined) continue;
    const { taken } = await confirmFacts(party, { taken: { type: 'ClaimDecision', message } });
    if (taken === true) placed.push({ message, response: resource as ClaimResponse });
  }
  const wanted = isPaid ? APPROVED : DENIED;
  const last = placed.findLast(({ message }) => message.outcome === wanted);
  if (last === undefined && decisions.length > 0) throw altered();
  if (last === undefined) throw new MedsealError('NOT_FOUND', { what: 'decision' });
  if (approved > placed.reduce((sum, { message }) => sum + message.amount, 0)) throw altered();
  if (Number.isNaN(Date.parse(last.response.created))) throw altered();
  return last;
}

function altered(): MedsealError {
  return new MedsealError('CLAIM_ALTERED', { what: 'decision' });
}
