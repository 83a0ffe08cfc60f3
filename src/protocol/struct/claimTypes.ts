import type {
  ClaimDecisionTerms,
  ClaimJudgementTerms,
  ClaimMessages,
  ClaimSupplementTerms,
  DisputeClaimTerms,
  InsuranceClaimTerms,
} from '../care/claims.ts';
import { structsOf } from './structsOf.ts';

/** The structs with those that are only within others. */
export interface ClaimStructs extends ClaimMessages {
  InsuranceClaimTerms: InsuranceClaimTerms;
  ClaimDecisionTerms: ClaimDecisionTerms;
  ClaimSupplementTerms: ClaimSupplementTerms;
  DisputeClaimTerms: DisputeClaimTerms;
  ClaimJudgementTerms: ClaimJudgementTerms;
}

/** The EIP-712 structs of claims and of the units that they are paid in. */
export const claimTypes = structsOf<ClaimStructs>()({
  InsuranceClaim: [
    { name: 'terms', type: 'InsuranceClaimTerms' },
    { name: 'claimant', type: 'address' },
    { name: 'insurer', type: 'address' },
    { name: 'payee', type: 'address' },
    { name: 'amount', type: 'uint48' },
    { name: 'total', type: 'uint48' },
    { name: 'treatment', type: 'bytes32' },
    { name: 'follows', type: 'bytes32' },
    { name: 'authorisation', type: 'bytes32' },
    { name: 'lotHash', type: 'bytes32' },
    { name: 'deadline', type: 'uint64' },
  ],
  InsuranceClaimTerms: [
    { name: 'handle', type: 'bytes32' },
    { name: 'claimant', type: 'address' },
    { name: 'payee', type: 'address' },
    { name: 'coverage', type: 'bytes32' },
    { name: 'entry', type: 'bytes32' },
    { name: 'records', type: 'bytes32[]' },
    { name: 'bill', type: 'bytes32' },
    { name: 'content', type: 'bytes32' },
    { name: 'salt', type: 'bytes16' },
  ],
  Bill: [
    { name: 'treatment', type: 'bytes32' },
    { name: 'total', type: 'uint48' },
    { name: 'salt', type: 'bytes16' },
  ],
  ClaimCheck: [{ name: 'request', type: 'bytes32' }],
  ClaimDecision: [
    { name: 'claim', type: 'bytes32' },
    { name: 'step', type: 'uint16' },
    { name: 'outcome', type: 'uint8' },
    { name: 'amount', type: 'uint48' },
    { name: 'until', type: 'uint64' },
    { name: 'lotHash', type: 'bytes32' },
    { name: 'terms', type: 'ClaimDecisionTerms' },
    { name: 'deadline', type: 'uint64' },
  ],
  ClaimDecisionTerms: [
    { name: 'reason', type: 'string' },
    { name: 'content', type: 'bytes32' },
    { name: 'salt', type: 'bytes16' },
  ],
  ClaimSupplement: [
    { name: 'claim', type: 'bytes32' },
    { name: 'step', type: 'uint16' },
    { name: 'terms', type: 'ClaimSupplementTerms' },
    { name: 'deadline', type: 'uint64' },
  ],
  ClaimSupplementTerms: [
    { name: 'records', type: 'bytes32[]' },
    { name: 'content', type: 'bytes32' },
    { name: 'salt', type: 'bytes16' },
  ],
  WithdrawClaim: [
    { name: 'claim', type: 'bytes32' },
    { name: 'step', type: 'uint16' },
    { name: 'deadline', type: 'uint64' },
  ],
  DisputeClaim: [
    { name: 'claim', type: 'bytes32' },
    { name: 'step', type: 'uint16' },
    { name: 'party', type: 'address' },
    { name: 'lot', type: 'bytes32' },
    { name: 'terms', type: 'DisputeClaimTerms' },
    { name: 'deadline', type: 'uint64' },
  ],
  DisputeClaimTerms: [
    { name: 'reason', type: 'string' },
    { name: 'salt', type: 'bytes16' },
  ],
  ClaimJudgement: [
    { name: 'claim', type: 'bytes32' },
    { name: 'step', type: 'uint16' },
    { name: 'verifier', type: 'address' },
    { name: 'safe', type: 'bool' },
    { name: 'drawn', type: 'uint8' },
    { name: 'terms', type: 'ClaimJudgementTerms' },
    { name: 'deadline', type: 'uint64' },
  ],
  ClaimJudgementTerms: [
    { name: 'log', type: 'bytes32' },
    { name: 'block', type: 'uint64' },
    { name: 'reason', type: 'string' },
    { name: 'salt', type: 'bytes16' },
  ],
  IssueUnits: [
    { name: 'organisation', type: 'bytes32' },
    { name: 'account', type: 'address' },
    { name: 'amount', type: 'uint48' },
    { name: 'number', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
  ],
  RedeemUnits: [
    { name: 'holder', type: 'address' },
    { name: 'organisation', type: 'bytes32' },
    { name: 'amount', type: 'uint48' },
    { name: 'number', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
  ],
});
