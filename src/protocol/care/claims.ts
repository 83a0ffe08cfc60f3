import type { ClaimReason } from './claimReasons.ts';
import type { Address, Bytes32, Handle, Hex, Organisation, RecordId } from '../ids.ts';

/** Private part of an `InsuranceClaim`, which the ledger sees only as its salted struct hash. */
export interface InsuranceClaimTerms {
  /** Patient who was treated. */
  readonly handle: Handle;
  /** Party that claims. */
  readonly claimant: Address;
  /** Party that is paid; the account itself if it is of no party of the network. */
  readonly payee: Address;
  /** Record that holds the FHIR `Coverage`. */
  readonly coverage: RecordId;
  /** Entry of the treatment's record in its first version; `ZERO32` if the treatment has not begun. */
  readonly entry: Bytes32;
  /** Entries of the records that the claim rests on. */
  readonly records: readonly Bytes32[];
  /** SHA-256 of the FHIR `Invoice` as canonical JSON. */
  readonly bill: Bytes32;
  /** SHA-256 of the FHIR `Claim` as canonical JSON. */
  readonly content: Bytes32;
  /** 16 random bytes that keep the terms from being guessed. */
  readonly salt: Hex;
}

/**
 * A claimant asks an insurer to pay for a treatment, or to say in advance that it will. Its EIP-712 digest is the
 * claim's key on the ledger.
 */
export interface InsuranceClaim {
  readonly terms: InsuranceClaimTerms;
  /** Account whose key signs the claimant's steps for the ledger, made for this claim alone (`oneTimeAccount`). */
  readonly claimant: Address;
  readonly insurer: Address;
  /** Account that is paid, made for this claim alone; or an organisation's. Never that of a patient or of who treats. */
  readonly payee: Address;
  /** Amount that is asked for, in minor units of the currency, at most 2^48 - 1. */
  readonly amount: number;
  /** Amount of the bill, in the same units: no more is ever paid for the treatment. Whoever treated signed it (`Bill`). */
  readonly total: number;
  /** Nullifier of the treatment; `ZERO32` asks for an authorisation in advance. */
  readonly treatment: Bytes32;
  /** Digest of the newest claim for the same treatment, whose rest this one asks for, or `ZERO32`. */
  readonly follows: Bytes32;
  /** Digest of the authorisation that the claim uses up, or `ZERO32`. */
  readonly authorisation: Bytes32;
  /** Keccak-256 of the claimant's lot: 32 random bytes from which, and from the insurer's, verifiers are drawn. */
  readonly lotHash: Bytes32;
  /** Last second at which the ledger takes it. */
  readonly deadline: number;
}

/**
 * Whoever treated states what the treatment costs: every insurer that is asked for it sees this total. The patient signs
 * it too if it is more than an insurer was shown before.
 */
export interface Bill {
  /** Nullifier of the treatment. */
  readonly treatment: Bytes32;
  /** Minor units of the currency. */
  readonly total: number;
  /** 16 random bytes. */
  readonly salt: Hex;
}

/**
 * Coordinators state of a claim, or of a supplement to it, that its records were logged before, that the patient let
 * the insurer read them, that the nullifier is the treatment's, that whoever treated signed the total, and that the
 * claimant's account is that of a party which may claim for it; of a dispute that somebody can judge it; and of a judgement
 * that its verifier was drawn.
 */
export interface ClaimCheck {
  /** Digest of the claim, supplement, dispute or judgement. */
  readonly request: Bytes32;
}

/** Private part of a `ClaimDecision`. */
export interface ClaimDecisionTerms {
  /** Code of the reason. */
  readonly reason: ClaimReason;
  /** SHA-256 of the FHIR `ClaimResponse` as canonical JSON. */
  readonly content: Bytes32;
  /** 16 random bytes that keep the terms from being guessed. */
  readonly salt: Hex;
}

/** An insurer approves a claim in whole or part, denies it, or asks for more. An approved amount is held until the term ends. */
export interface ClaimDecision {
  readonly claim: Bytes32;
  /** Number of the step: one more than the ledger has. */
  readonly step: number;
  /** 1 approves, 2 denies, 3 asks for more. */
  readonly outcome: number;
  /** Amount for the payee. */
  readonly amount: number;
  /** Last second at which an authorisation can be used; 0 for a claim. */
  readonly until: number;
  /** Keccak-256 of the insurer's lot. */
  readonly lotHash: Bytes32;
  readonly terms: ClaimDecisionTerms;
  readonly deadline: number;
}

/** Private part of a `ClaimSupplement`. */
export interface ClaimSupplementTerms {
  /** Entries of the further records. */
  readonly records: readonly Bytes32[];
  /** SHA-256 of the FHIR `Claim` as it is now, as canonical JSON. */
  readonly content: Bytes32;
  /** 16 random bytes that keep the terms from being guessed. */
  readonly salt: Hex;
}

/** A claimant gives an insurer the more that it asked for. */
export interface ClaimSupplement {
  readonly claim: Bytes32;
  readonly step: number;
  readonly terms: ClaimSupplementTerms;
  readonly deadline: number;
}

/** A claimant takes a claim back that is not decided. */
export interface WithdrawClaim {
  readonly claim: Bytes32;
  readonly step: number;
  readonly deadline: number;
}

/** Private part of a `DisputeClaim`. */
export interface DisputeClaimTerms {
  /** Reason, in words. */
  readonly reason: string;
  /** 16 random bytes that keep the terms from being guessed. */
  readonly salt: Hex;
}

/** Claimant or insurer has verifiers drawn who judge a claim that was decided, or others after a judgement. */
export interface DisputeClaim {
  readonly claim: Bytes32;
  readonly step: number;
  /** Account of the side that disputes: the claim's `claimant` or `insurer`. */
  readonly party: Address;
  /** The side's lot. */
  readonly lot: Bytes32;
  readonly terms: DisputeClaimTerms;
  readonly deadline: number;
}

/** Private part of a `ClaimJudgement`. */
export interface ClaimJudgementTerms {
  /** Keccak-256 of the name of the log that the judgement is about. */
  readonly log: Bytes32;
  /** Number of the block at which the chain is not what it should be; that of the last one if it is safe. */
  readonly block: number;
  /** Reason, in words. */
  readonly reason: string;
  /** 16 random bytes that keep the terms from being guessed. */
  readonly salt: Hex;
}

/** A verifier says that a claim's evidence is safe, or is not. */
export interface ClaimJudgement {
  readonly claim: Bytes32;
  readonly step: number;
  readonly verifier: Address;
  readonly safe: boolean;
  /** Number of verifiers that were drawn: more than half of them decide. */
  readonly drawn: number;
  readonly terms: ClaimJudgementTerms;
  readonly deadline: number;
}

/** A member of the authority issues settlement units to an account, for money that its organisation holds. */
export interface IssueUnits {
  /** The organisation's name in ASCII, padded with zeros. */
  readonly organisation: Bytes32;
  readonly account: Address;
  /** Minor units of the currency. */
  readonly amount: number;
  /** Number of the organisation's last issue + 1. */
  readonly number: number;
  readonly deadline: number;
}

/**
 * A holder gives units back to an organisation that issued some, for the money that they stand for; signed by the holder
 * and by a member of the authority.
 */
export interface RedeemUnits {
  readonly holder: Address;
  /** The organisation's name in ASCII, padded with zeros. */
  readonly organisation: Bytes32;
  /** Minor units of the currency. */
  readonly amount: number;
  /** Number of the holder's last redemption + 1. */
  readonly number: number;
  readonly deadline: number;
}

/** States of a claim, in the order of their numbers in the contract, from 1. */
export const CLAIM_STATES = [
  'open',
  'asked',
  'approved',
  'denied',
  'disputed',
  'drawn',
  'judged',
  'withdrawn',
  'reversed',
  'used',
  'lapsed',
  'paid',
] as const;
/** State of a claim. */
export type ClaimState = (typeof CLAIM_STATES)[number];

/** Units that an organisation can have outstanding, as the contract has it. */
export const MOST_OUTSTANDING = 2 ** 40 - 1;

/** A claim as the ledger has it. */
export interface ClaimFacts {
  /** Account that the claim was made with. */
  readonly claimant: Address;
  readonly insurer: Address;
  /** Account that is paid. */
  readonly payee: Address;
  /** Amount that is asked for, in minor units of the currency. */
  readonly amount: number;
  /** Amount of the bill. */
  readonly total: number;
  /** Nullifier of the treatment; `ZERO32` for an authorisation in advance. */
  readonly treatment: Bytes32;
  /** Digest of the claim before it for the same treatment, or `ZERO32`. */
  readonly follows: Bytes32;
  /** Digest of the authorisation that it used up, or `ZERO32`. */
  readonly authorisation: Bytes32;
  readonly state: ClaimState;
  /** Account of the side whose dispute it is, or whose appeal; absent before the first. */
  readonly disputant?: Address;
  /** 1 once it was disputed, 2 once there was an appeal. */
  readonly round: number;
  /** Verifiers in the order of the draw, one of each organisation but the insurer's; absent before both lots are open. */
  readonly ranking?: readonly Ranked[];
  /** Verifiers that judged in this round. */
  readonly judged: readonly Address[];
  /** Verdict of the first judgement; absent before. */
  readonly safe?: boolean;
  /** Hash of the insurer's lot; absent before its decision. */
  readonly lotHash?: Bytes32;
  /** Number of the last step; 0 before the first. */
  readonly step: number;
  /** Last second of the term: to decide, to answer, to dispute, to open a lot, to judge, to appeal, or to use an authorisation. */
  readonly due: number;
  /** Amount that earlier claims for the treatment were paid when this one was made. */
  readonly before: number;
  /** Amount that was approved: held until the state is `paid`; of an authorisation, what may be claimed. */
  readonly approved: number;
  /** Digest of the claim that follows it for the same treatment; absent for the newest. */
  readonly followedBy?: Bytes32;
}

/** A verifier in the order of a draw. */
export interface Ranked {
  readonly organisation: Organisation;
  readonly verifier: Address;
}

/** An account of settlement units as the ledger has it. */
export interface AccountFacts {
  readonly balance: number;
  /** Number of the last redemption; 0 before the first. */
  readonly number: number;
}

/** An organisation that issued settlement units, as the ledger has it. */
export interface IssuerFacts {
  /** Units that it issued and did not take back. */
  readonly outstanding: number;
  /** Number of the last issue; 0 before the first. */
  readonly number: number;
}

/** Name of a struct of claims and settlement units to what TypeScript sees of it. */
export interface ClaimMessages {
  InsuranceClaim: InsuranceClaim;
  Bill: Bill;
  ClaimCheck: ClaimCheck;
  ClaimDecision: ClaimDecision;
  ClaimSupplement: ClaimSupplement;
  WithdrawClaim: WithdrawClaim;
  DisputeClaim: DisputeClaim;
  ClaimJudgement: ClaimJudgement;
  IssueUnits: IssueUnits;
  RedeemUnits: RedeemUnits;
}
