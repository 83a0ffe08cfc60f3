import type { Primitives } from '../crypto/Primitives.ts';
import type { ClaimDecision, ClaimMessages, InsuranceClaim } from '../protocol/care/claims.ts';
import type { Bytes32, Hex } from '../protocol/ids.ts';
import type { Signed } from '../protocol/struct/requests.ts';
import { encodeBatch } from './encodeBatch.ts';
import { claimsAbi } from './generated/claimsAbi.ts';
import { hideTerms } from './hideTerms.ts';

/** A claim as the ledger takes it. */
export interface CheckedClaim extends Signed<'InsuranceClaim'> {
  /** Coordinators' signatures over its `ClaimCheck`, in ascending order of their addresses. */
  readonly checks: readonly Hex[];
}

/** Struct of a step of a claim, by the function of the contract that takes it. */
const STEPS = {
  decide: 'ClaimDecision',
  withdraw: 'WithdrawClaim',
  dispute: 'DisputeClaim',
  supplement: 'ClaimSupplement',
  judge: 'ClaimJudgement',
} as const;

/** A step of a claim, and the claim, as its claimant signed it. */
export interface SignedClaimStep<Type extends keyof ClaimMessages> extends Signed<Type> {
  readonly claim: InsuranceClaim;
  /** Coordinators' signatures over its `ClaimCheck`, in ascending order of their addresses, if the contract asks for them. */
  readonly checks?: readonly Hex[];
}

/**
 * Calldata for `Claims.submit`. Of the terms only their struct hash goes in.
 *
 * @param primitives - Hashes.
 * @param requests - Any number; each is taken or refused for itself.
 */
export function encodeClaims(primitives: Primitives, requests: readonly CheckedClaim[]): Hex {
  return encodeBatch(
    claimsAbi,
    'submit',
    requests.map(({ message, signature, checks }) => {
      return [hideTerms(primitives, 'InsuranceClaim', message), signature, checks];
    }),
  );
}

/**
 * Calldata for a step of claims.
 *
 * @param primitives - Hashes.
 * @param name - The contract's function for the step.
 * @param steps - Any number; each is taken or refused for itself.
 */
export function encodeClaimSteps<Name extends keyof typeof STEPS>(
  primitives: Primitives,
  name: Name,
  steps: readonly SignedClaimStep<(typeof STEPS)[Name]>[],
): Hex {
  const rows = steps.map(({ claim, message, signature, checks }) => {
    const hidden =
      'terms' in message
        ? hideTerms(primitives, STEPS[name] as 'ClaimDecision', message as ClaimDecision)
        : message;
    const row = [hideTerms(primitives, 'InsuranceClaim', claim), hidden, signature];
    return checks === undefined ? row : [...row, checks];
  });
  return encodeBatch(claimsAbi, name, rows as never);
}

/**
 * Calldata for `Claims.lapse`.
 *
 * @param primitives - Hashes.
 * @param claim - The claim whose term is over.
 */
export function encodeLapse(primitives: Primitives, claim: InsuranceClaim): Hex {
  return encodeBatch(claimsAbi, 'lapse', [[hideTerms(primitives, 'InsuranceClaim', claim)]]);
}

/**
 * Calldata for `Claims.openLots`.
 *
 * @param primitives - Hashes.
 * @param claim - The claim that is disputed.
 * @param lot - The lot of the side that did not dispute it.
 */
export function encodeLot(primitives: Primitives, claim: InsuranceClaim, lot: Bytes32): Hex {
  return encodeBatch(claimsAbi, 'openLots', [
    [hideTerms(primitives, 'InsuranceClaim', claim), lot],
  ]);
}
