import { hideTerms } from '../../../bindings/hideTerms.ts';
import type {
  ClaimDecision,
  InsuranceClaim,
  WithdrawClaim,
} from '../../../protocol/care/claims.ts';
import type { LedgerPlace } from '../../../protocol/evidence/evidence.ts';
import type { ClaimType, Signed } from '../../../protocol/struct/requests.ts';
import { digestOf } from '../../../protocol/struct/signing.ts';
import type { ServiceContext } from '../../ServiceContext.ts';

/** Event of the contract that a step leads to. */
const EVENTS = {
  ClaimDecision: 'ClaimDecided',
  ClaimSupplement: 'ClaimSupplemented',
  DisputeClaim: 'ClaimDisputed',
  ClaimJudgement: 'ClaimJudged',
} as const;

/**
 * Returns the place on the ledger at which a claim, or a step of one, took effect; undefined if it did not.
 *
 * @param context - The node's own view.
 * @param request - The request, well formed.
 */
export function placeOfClaim(
  context: ServiceContext,
  { type, message }: Pick<Signed<ClaimType>, 'type' | 'message'>,
): LedgerPlace | undefined {
  const { index, primitives } = context;
  if (type === 'InsuranceClaim') {
    return index.claims.made(digestOf(context, type, message as InsuranceClaim));
  }
  const { claim, step } = message as WithdrawClaim;
  if (type === 'WithdrawClaim') return index.claims.taken({ kind: 'ClaimWithdrawn', claim, step });
  const { termsHash } = hideTerms(primitives, type as 'ClaimDecision', message as ClaimDecision);
  return index.claims.taken({ kind: EVENTS[type], claim, step, what: termsHash });
}
