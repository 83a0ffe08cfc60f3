import { malformed } from '../../../errors/malformed.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Submission } from '../../../protocol/AgentPort.ts';
import type { ClaimRefund, ClaimSupplement } from '../../../protocol/claims.ts';
import type { Address } from '../../../protocol/ids.ts';
import { isClaimSide } from '../../../protocol/isClaimSide.ts';
import { requireActive } from '../../../protocol/judgeRight.ts';
import { parseMessage } from '../../../protocol/parseSigned.ts';
import type { ClaimType, Signed } from '../../../protocol/requests.ts';
import { digestOf } from '../../../protocol/signing.ts';
import type { ServiceContext } from '../../ServiceContext.ts';
import { requireClaimedEntries } from './requireClaimedEntries.ts';
import { requireInsurerReads } from './requireInsurerReads.ts';
import { requireTreatment } from './requireTreatment.ts';

/**
 * Requires what makes a request a claim that a party may make, or the step of one that this party may take. The state and
 * the sums are the contract's.
 *
 * @param context - The node's own view.
 * @param submission - Not trusted.
 * @param request - Its request, authenticated.
 * @param keys - `ever` for a copy of what was taken earlier: the rights of that time may have ended since.
 * @throws MedsealError `REQUEST_MALFORMED` with what does not fit; `RIGHT_MISSING`, `RIGHT_ENDED`, `NOT_FOUND`,
 * `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `SIGNATURE_INVALID`, `EVIDENCE_INVALID`.
 */
export function requireClaimBound(
  context: ServiceContext,
  submission: Submission,
  request: Signed<ClaimType>,
  keys: 'present' | 'ever',
): void {
  if (request.type === 'InsuranceClaim') {
    requireClaimMade(context, submission, request as Signed<'InsuranceClaim'>, keys);
    return;
  }
  const claim = parseMessage('InsuranceClaim', submission.claim);
  const { claim: named, step } = request.message as ClaimRefund;
  const known = context.index.claims.facts(named);
  if (known === undefined) throw new MedsealError('NOT_FOUND', { what: 'claim' });
  if (digestOf(context, 'InsuranceClaim', claim) !== named) throw malformed('claim');
  if (!isClaimSide(claim, request)) throw new MedsealError('RIGHT_MISSING', {});
  // Refunds that came since do not keep a dispute away.
  const isNext =
    request.type === 'DisputeClaim' ? step > 0 && step <= known.step + 1 : step === known.step + 1;
  if (keys === 'present' && !isNext) {
    throw new MedsealError('RULE_REFUSED', { reason: 'StepUnexpected' });
  }
  if (request.type === 'ClaimSupplement') {
    const { records } = (request.message as ClaimSupplement).terms;
    const writes = requireClaimedEntries(context, submission, claim.terms.handle, records);
    if (keys === 'present') requireInsurerReads(context, submission, claim, writes);
  }
  if (request.type === 'ClaimRefund') requirePayee(context, submission, request);
}

function requireClaimMade(
  context: ServiceContext,
  submission: Submission,
  { party, message }: Signed<'InsuranceClaim'>,
  keys: 'present' | 'ever',
): void {
  const { index } = context;
  const { handle, records, coverage } = message.terms;
  if (index.party(message.insurer)?.role !== 'insurer') throw malformed('insurer');
  const named = requireTreatment(context, submission, party, message);
  const writes = requireClaimedEntries(context, submission, handle, [...records, ...named]);
  const isCovered = writes.some((write) => {
    return write.record === coverage && write.category === 'coverage';
  });
  if (!isCovered) throw malformed('coverage');
  if (keys === 'ever') return;
  requireActive(index, message.insurer);
  requireInsurerReads(context, submission, message, writes);
}

/** The party that was paid gives back, or whoever has the key that was. */
function requirePayee(
  context: ServiceContext,
  { cosignature }: Submission,
  { party, message }: Signed<ClaimType>,
): void {
  const refund = message as ClaimRefund;
  if (refund.payee === party && cosignature === undefined) return;
  const isKey = (key: Address): boolean => key === refund.payee;
  const digest = digestOf(context, 'ClaimRefund', refund);
  if (cosignature === undefined || !isKey(context.recovered.signerOf(context, digest, cosignature)))
    throw new MedsealError('SIGNATURE_INVALID', {});
}
