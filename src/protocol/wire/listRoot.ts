import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { rootOf } from '../../crypto/merkle/rootOf.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { ZERO32, type Bytes32 } from '../ids.ts';

/**
 * Returns the RFC 9162 root over entries in their order, by which a list of them is compared with another one.
 *
 * @param primitives - SHA-256.
 * @param entries - The entries.
 * @returns `ZERO32` for an empty list.
 */
export function listRoot(
  primitives: Pick<Primitives, 'sha256'>,
  entries: readonly Bytes32[],
): Bytes32 {
  if (entries.length === 0) return ZERO32;
  const leaves = entries.map((entry) => leafHash(primitives, hexToBytes(entry)));
  return bytesToHex(rootOf(primitives, leaves));
}
