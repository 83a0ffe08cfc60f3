import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Bytes32 } from '../ids.ts';

/**
 * Returns the hash by which a side of a claim commits to its lot.
 *
 * @param primitives - Keccak-256.
 * @param lot - 32 random bytes.
 */
export function lotHashOf({ keccak256 }: Pick<Primitives, 'keccak256'>, lot: Bytes32): Bytes32 {
  return bytesToHex(keccak256(hexToBytes(lot)));
}
