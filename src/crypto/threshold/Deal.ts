/**
 * The part of a shared secret that its dealer publishes (Feldman 1987): for each coefficient of its polynomial the generator
 * times it. Everybody can tell by it whether a share is the polynomial's value, and nobody learns the secret.
 */
export interface Deal {
  /** The dealer's index, from 1. */
  readonly dealer: number;
  /** As many points as the threshold, 33 bytes each; the first commits to the shared secret. */
  readonly commitments: readonly Uint8Array[];
  /** Proof that the dealer knows the shared secret, so that none can deal what cancels another's deal (Schnorr). */
  readonly proof: DealProof;
}

/** A proof of knowledge of the secret behind a deal's first commitment. */
export interface DealProof {
  /** A point, 33 bytes. */
  readonly commitment: Uint8Array;
  /** A scalar, 32 bytes. */
  readonly response: Uint8Array;
}

/** The common part of all deals of one ceremony. */
export interface Ceremony {
  /** Any bytes that no other ceremony has, such as its network, channel and change. */
  readonly context: Uint8Array;
  /** Number of shares that open, k. */
  readonly threshold: number;
  /** Indices of the members who get shares. */
  readonly members: readonly number[];
}
