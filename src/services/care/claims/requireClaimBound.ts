import { malformed } from '../../../errors/malformed.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Submission } from '../../../protocol/AgentPort.ts';
import { claimAccountOf } from '../../../protocol/claimAccountOf.ts';
import type {
  ClaimRefund,
  ClaimSupplement,
  DisputeClaim,
  InsuranceClaim,
} from '../../../protocol/claims.ts';
import { ZERO32 } from '../../../protocol/ids.ts';
import { isClaimSide } from '../../../protocol/isClaimSide.ts';
import { requireActive } from '../../../protocol/judgeRight.ts';
import { parseMessage } from '../../../protocol/parseSigned.ts';
import type { ClaimType, Signed } from '../../../protocol/requests.ts';
import { digestOf } from '../../../protocol/signing.ts';
import type { ServiceContext } from '../../ServiceContext.ts';
import { requireClaimAccounts } from './requireClaimAccounts.ts';
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
    const claimed = request as Signed<'InsuranceClaim'>;
    requireClaimMade(context, submission, claimed, keys);
    requireAccountSigned(context, submission, request, claimed.message);
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
  if (request.type === 'DisputeClaim' && keys === 'present') {
    requireVerifierApart(context, claim, request.message as DisputeClaim);
  }
  requireAccountSigned(context, submission, request, claim);
}

function requireClaimMade(
  context: ServiceContext,
  submission: Submission,
  claimed: Signed<'InsuranceClaim'>,
  keys: 'present' | 'ever',
): void {
  const { index } = context;
  const { party, message } = claimed;
  const { handle, records, coverage } = message.terms;
  if (index.party(message.insurer)?.role !== 'insurer') throw malformed('insurer');
  requireAuthorisation(context, submission, message);
  const named = requireTreatment(context, submission, party, message);
  const writes = requireClaimedEntries(context, submission, handle, [...records, ...named]);
  const isCovered = writes.some((write) => {
    return write.record === coverage && write.category === 'coverage';
  });
  if (!isCovered) throw malformed('coverage');
  // After the entries were verified: an account follows from a signature in one.
  requireClaimAccounts(context, submission, claimed, keys);
  if (keys === 'ever') return;
  requireActive(index, message.insurer);
  requireInsurerReads(context, submission, message, writes);
}

/**
 * The authorisation that a claim uses up is of the same claimant, patient and insurer. Its state, its time and its amount
 * are the contract's, which sees neither patient nor claimant.
 */
function requireAuthorisation(
  context: ServiceContext,
  { claim }: Submission,
  { terms, insurer, authorisation }: InsuranceClaim,
): void {
  if (authorisation === ZERO32) {
    if (claim !== undefined) throw malformed('claim');
    return;
  }
  const ahead = parseMessage('InsuranceClaim', claim);
  if (digestOf(context, 'InsuranceClaim', ahead) !== authorisation) throw malformed('claim');
  const isSame =
    ahead.insurer === insurer &&
    ahead.terms.claimant === terms.claimant &&
    ahead.terms.handle === terms.handle;
  if (!isSame) throw malformed('authorisation');
}

/**
 * The account that acts on the ledger signed beside the party: so coordinators know whose it is, and nobody else. Only an
 * account that tells nobody of a person acts by its party's signature alone.
 */
function requireAccountSigned(
  context: ServiceContext,
  { cosignature }: Submission,
  request: Signed<ClaimType>,
  claim: InsuranceClaim,
): void {
  const { type, party, message } = request;
  const account = claimAccountOf(claim, request);
  if (account === party && cosignature === undefined) return;
  const digest = digestOf(context, type, message);
  const isOwn =
    cosignature !== undefined &&
    context.recovered.signerOf(context, digest, cosignature) === account;
  if (!isOwn) throw new MedsealError('SIGNATURE_INVALID', {});
}

/** The verifier is of no side's organisation: of the accounts on the ledger only nodes know whose they are. */
function requireVerifierApart(
  { index }: ServiceContext,
  { terms, insurer }: InsuranceClaim,
  { verifier }: DisputeClaim,
): void {
  const { role, organisation } = index.party(verifier) ?? {};
  const sides = [terms.claimant, insurer, terms.payee, terms.other];
  const isOfSide = sides.some((side) => index.party(side)?.organisation === organisation);
  if (role !== 'verifier' || isOfSide) {
    throw new MedsealError('RULE_REFUSED', { reason: 'VerifierInvalid' });
  }
}
