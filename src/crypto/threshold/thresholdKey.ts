import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '../bytes.ts';
import { encodeFields } from '../encodeFields.ts';

const LABEL = utf8ToBytes('medseal/key/2');

/** A channel's threshold key, as everybody may know it. No one holds its secret: k members hold shares of it. */
export interface ThresholdKey {
  /** Public key, a point. */
  readonly publicKey: Uint8Array;
  /** Number of members whose shares open, k. */
  readonly threshold: number;
  /** Public key of each member's share, a point, by the member's index. */
  readonly members: ReadonlyMap<number, Uint8Array>;
}

/** Network and channel that a key serves. */
export interface KeyPlace {
  /** Network id, 32 bytes. */
  readonly networkId: Uint8Array;
  readonly channel: string;
}

/**
 * The id of a threshold key; it stays when shares are dealt again.
 *
 * @param place - Network and channel.
 * @param publicKey - 33 bytes.
 * @returns 32 bytes; a sealed file names the first 16.
 */
export function thresholdKeyId(
  { networkId, channel }: KeyPlace,
  publicKey: Uint8Array,
): Uint8Array {
  return sha256(encodeFields(LABEL, networkId, utf8ToBytes(channel), publicKey));
}
