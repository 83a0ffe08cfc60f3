import { MedsealError } from '../errors/MedsealError.ts';
import { bytesToHex } from './bytes.ts';
import type { Primitives } from './Primitives.ts';

/**
 * The Ethereum address of a public key: the last 20 bytes of the Keccak-256 of its coordinates.
 *
 * @param primitives - Keccak-256.
 * @param publicKey - 65 bytes, uncompressed (SEC 1 §2.3.3), as `Primitives.publicKey` gives it.
 * @returns 20 bytes in lower-case hexadecimal.
 * @throws MedsealError `REQUEST_MALFORMED` if the key is malformed.
 */
export function addressOf(
  primitives: Pick<Primitives, 'keccak256'>,
  publicKey: Uint8Array,
): `0x${string}` {
  if (publicKey.length !== 65 || publicKey[0] !== 4) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'public key' });
  }
  return bytesToHex(primitives.keccak256(publicKey.subarray(1)).subarray(12));
}
