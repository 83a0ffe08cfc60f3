/** A member's share of what opens one seal: what it gives for a logged view. */
export interface KeyShare {
  /** The member's index, from 1. */
  readonly index: number;
  /** A point with the proof that it is the member's, 97 bytes. */
  readonly share: Uint8Array;
}
