import type {
  ClaimDecision,
  ClaimJudgement,
  ClaimSupplement,
  DisputeClaim,
  InsuranceClaim,
  IssueUnits,
  RedeemUnits,
  WithdrawClaim,
} from '../protocol/care/claims.ts';
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
  Claimed: Omit<InsuranceClaim, 'terms' | 'lotHash' | 'deadline'> & {
    readonly claim: Bytes32;
  } & Due;
  ClaimDecided: Omit<ClaimDecision, 'terms' | 'until' | 'deadline'> & OfClaim & Due;
  ClaimSupplemented: Omit<ClaimSupplement, 'terms' | 'deadline'> & OfClaim & Due;
  ClaimWithdrawn: Omit<WithdrawClaim, 'deadline'>;
  ClaimDisputed: Omit<DisputeClaim, 'terms' | 'deadline'> & OfClaim & Due;
  ClaimJudged: Omit<ClaimJudgement, 'terms' | 'deadline'> &
    OfClaim &
    Due & {
      /** Number of the state that follows. */
      readonly state: number;
    };
  /** The other side opened its lot. */
  LotOpened: Due & { readonly claim: Bytes32; readonly lot: Bytes32 };
  /** A term ended. */
  ClaimLapsed: Due & {
    readonly claim: Bytes32;
    /** Number of the state that follows. */
    readonly state: number;
  };
  Issued: Omit<IssueUnits, 'deadline'>;
  Redeemed: Omit<RedeemUnits, 'deadline'>;
  /** Units moved, or were issued from the zero address, or redeemed to it. */
  Transfer: { readonly from: Address; readonly to: Address; readonly value: number };
}
