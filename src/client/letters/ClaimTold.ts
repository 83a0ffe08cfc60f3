import type { InsuranceClaim } from '../../protocol/care/claims.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { ClaimType, Signed } from '../../protocol/struct/requests.ts';

/** A step of a claim that its author tells the other side, in a letter. */
export interface ClaimStepTold {
  readonly request: Signed<Exclude<ClaimType, 'InsuranceClaim'>>;
  /** The FHIR resource whose hash its terms have: a `ClaimResponse`, or the `Claim` as it is now. */
  readonly resource?: object;
  /** To a drawn verifier: a piece of what the claim rests on. */
  readonly evidence?: EvidencePiece;
}

/** A piece of the evidence of a dispute, as one letter has it. */
export interface EvidencePiece {
  /** Place of the piece, from 0. */
  readonly at: number;
  /** Number of the pieces. */
  readonly of: number;
  /** Its characters of the base64 of the evidence's canonical JSON. */
  readonly text: string;
}

/** A claim with its papers and the acknowledgements of its entries, without the records themselves. */
export interface ClaimEvidence {
  readonly message: InsuranceClaim;
  readonly claim: object;
  readonly bill: object;
  readonly entries: readonly Acknowledgement[];
}

/** One that a device keeps. */
export interface ClaimTold extends ClaimStepTold {
  readonly claim: Bytes32;
  readonly from: Address;
}
