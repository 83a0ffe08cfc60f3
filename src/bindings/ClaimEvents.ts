import type {
  ClaimDecision,
  ClaimJudgement,
  ClaimRefund,
  ClaimSupplement,
  DisputeClaim,
  InsuranceClaim,
  IssueUnits,
  RedeemUnits,
  WithdrawClaim,
} from '../protocol/claims.ts';
import type { Address, Bytes32 } from '../protocol/ids.ts';

/** A claim that the contract knows by its digest, and the struct hash of a step's terms. */
interface OfClaim {
  readonly claim: Bytes32;
  readonly termsHash: Bytes32;
}

/** Last second of the term that a step begins. */
interface Due {
  readonly due: number;
}

/** Events of claims and of settlement units, by name. */
export interface ClaimEvents {
  Claimed: Omit<InsuranceClaim, 'terms' | 'total' | 'deadline'> & { readonly claim: Bytes32 } & Due;
  ClaimDecided: Omit<ClaimDecision, 'terms' | 'until' | 'deadline'> & OfClaim & Due;
  ClaimSupplemented: Omit<ClaimSupplement, 'terms' | 'deadline'> & OfClaim & Due;
  ClaimWithdrawn: Omit<WithdrawClaim, 'deadline'>;
  ClaimDisputed: Omit<DisputeClaim, 'terms' | 'deadline'> & OfClaim & Due;
  ClaimJudged: Omit<ClaimJudgement, 'terms' | 'deadline'> &
    OfClaim &
    Due & {
      /** Number of the state that follows. */
      readonly state: number;
      /** Amount that the payee still has of it. */
      readonly paid: number;
      /** The same of the other payee. */
      readonly otherPaid: number;
    };
  /** Nobody decided, answered or judged in the term. */
  ClaimLapsed: Due & {
    readonly claim: Bytes32;
    /** Number of the state that follows. */
    readonly state: number;
  };
  ClaimRefunded: Omit<ClaimRefund, 'deadline'>;
  ClaimCollected: {
    readonly claim: Bytes32;
    /** Amount that the payee gave back. */
    readonly amount: number;
    /** The same of the other payee. */
    readonly otherAmount: number;
  };
  Issued: Omit<IssueUnits, 'deadline'>;
  Redeemed: Omit<RedeemUnits, 'deadline'>;
  /** A payment changed two positions. */
  Accrued: { readonly from: Address; readonly to: Address; readonly amount: number };
  DebtChanged: { readonly account: Address; readonly debt: number };
  /** Units moved, or were issued from the zero address, or redeemed to it. */
  Transfer: { readonly from: Address; readonly to: Address; readonly value: number };
}
