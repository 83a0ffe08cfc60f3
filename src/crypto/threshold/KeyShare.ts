/** A member's share of the key of one identity: what it gives for a logged view. */
export interface KeyShare {
  /** The member's index, from 1. */
  readonly index: number;
  /** A point of G1, 48 bytes. */
  readonly share: Uint8Array;
}
