import { equalBytes } from '../bytes.ts';
import { nodeHash } from './nodeHash.ts';
import type { Sha256 } from './Sha256.ts';

/** The claim that an inclusion proof is to prove. */
export interface InclusionClaim {
  /** Place of the leaf. */
  readonly index: number;
  /** Number of leaves of the tree. */
  readonly size: number;
  /** The leaf hash, 32 bytes. */
  readonly leaf: Uint8Array;
  /** Hashes of 32 bytes, the one nearest to the leaf first. */
  readonly proof: readonly Uint8Array[];
  /** The tree's root, 32 bytes. */
  readonly root: Uint8Array;
}

/**
 * Tells whether a proof shows that the leaf is in the tree (RFC 9162 §2.1.3.2).
 *
 * @param primitives - SHA-256.
 * @param claim - The claim; anything that no tree can have is false, not an error.
 */
export function verifyInclusion(primitives: Sha256, claim: InclusionClaim): boolean {
  const { index, size, leaf, proof, root } = claim;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size)) return false;
  if (index < 0 || index >= size || leaf.length !== 32) return false;

  let place = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0 || sibling.length !== 32) return false;
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(primitives, sibling, hash);
      while (place % 2 === 0 && place !== 0) {
        place /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(primitives, hash, sibling);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equalBytes(hash, root);
}
