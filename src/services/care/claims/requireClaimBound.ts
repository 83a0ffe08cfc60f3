import { malformed } from '../../../errors/malformed.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Submission } from '../../../protocol/AgentPort.ts';
import { claimAccountOf } from '../../../protocol/care/claimAccountOf.ts';
import type {
  ClaimFacts,
  ClaimJudgement,
  ClaimSupplement,
  InsuranceClaim,
  WithdrawClaim,
} from '../../../protocol/care/claims.ts';
import { drawnVerifiers } from '../../../protocol/care/drawVerifiers.ts';
import { ZERO32, type Bytes32 } from '../../../protocol/ids.ts';
import { isClaimSide } from '../../../protocol/care/isClaimSide.ts';
import { requireActive } from '../../../protocol/rights/judgeRight.ts';
import { parseMessage } from '../../../protocol/struct/parseSigned.ts';
import type { ClaimType, Signed } from '../../../protocol/struct/requests.ts';
import { digestOf } from '../../../protocol/struct/signing.ts';
import { requireSignature } from '../../requireSignature.ts';
import type { ServiceContext } from '../../ServiceContext.ts';
import { claimFactsOf, sidesOf } from './claimFactsOf.ts';
import { requireBill } from './requireBill.ts';
import { requireClaimAccounts } from './requireClaimAccounts.ts';
import type { Handle } from '../../../protocol/ids.ts';
import type { Write } from '../../../protocol/struct/requests.ts';
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
  const { claim: named, step } = request.message as WithdrawClaim;
  const known = claimFactsOf(context, named);
  if (known === undefined) throw new MedsealError('NOT_FOUND', { what: 'claim' });
  if (digestOf(context, 'InsuranceClaim', claim) !== named) throw malformed('claim');
  if (!isClaimSide(claim, request)) throw new MedsealError('RIGHT_MISSING', {});
  if (keys === 'present' && step !== known.step + 1) {
    throw new MedsealError('RULE_REFUSED', { reason: 'StepUnexpected' });
  }
  if (request.type === 'ClaimSupplement') {
    const { records } = (request.message as ClaimSupplement).terms;
    const writes = requireClaimedEntries(context, submission, claim.terms.handle, records);
    if (keys === 'present') requireInsurerReads(context, submission, claim, writes);
  }
  if (keys === 'present' && request.type === 'DisputeClaim') requireThird(context, claim, named);
  if (keys === 'present' && request.type === 'ClaimJudgement') {
    requireDrawn(known, request.message as ClaimJudgement, sidesOf(context, claim));
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
  requireBill(context, submission, message, keys);
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
  const account = claimAccountOf(claim, request);
  if (account === request.party && cosignature === undefined) return;
  requireSignature(context, request, cosignature, (key) => key === account);
}

/** Somebody of a third organisation can judge: without one, disputes end with the decision. */
function requireThird(context: ServiceContext, claim: InsuranceClaim, named: Bytes32): void {
  const { index } = context;
  const sides = sidesOf(context, claim);
  const verifiers = index.verifiersAt(index.places.of('Claimed', named)?.block ?? -1);
  if (verifiers.every(({ organisation }) => sides.includes(organisation))) {
    throw new MedsealError('RULE_REFUSED', { reason: 'VerifierMissing' });
  }
}

/** The verifier is one of those that both lots drew, and the judgement says how many they are. */
function requireDrawn(
  facts: ClaimFacts,
  { verifier, drawn }: ClaimJudgement,
  sides: ReturnType<typeof sidesOf>,
): void {
  const verifiers = drawnVerifiers(facts, sides);
  const isDrawn = verifiers.includes(verifier) && !facts.judged.includes(verifier);
  if (!isDrawn || drawn !== verifiers.length) {
    throw new MedsealError('RULE_REFUSED', { reason: 'VerifierInvalid' });
  }
}

/**
 * Requires that each entry that a claim names is an accepted write on this patient's chart, by its acknowledgement, and
 * that there are no others. The verdicts in it show that k coordinators judged the write before the claim was made.
 *
 * @param context - The node's own view.
 * @param submission - Not trusted.
 * @param handle - The patient.
 * @param named - The entries, at least one; one may be named twice.
 * @returns The writes.
 * @throws MedsealError `REQUEST_MALFORMED` for `entries`; `EVIDENCE_INVALID`.
 */
function requireClaimedEntries(
  context: ServiceContext,
  { entries = [] }: Submission,
  handle: Handle,
  named: readonly Bytes32[],
): readonly Write[] {
  const wanted = new Set(named);
  const given = new Set(entries.map(({ entry }) => entry));
  const isExact = given.size === entries.length && given.size === wanted.size;
  if (!isExact || wanted.size === 0 || !entries.every(({ entry }) => wanted.has(entry)))
    throw malformed('entries');
  // Verdicts and all: a peer that never saw the entry verifies the copy that is kept.
  return entries.map((entry) => {
    const { flag, request } = context.verifiedBodies.verifyWhole(context, context.network, entry);
    const write = request.message as Write;
    if (flag !== 'A' || request.type !== 'Write' || write.handle !== handle) {
      throw malformed('entries');
    }
    return write;
  });
}
