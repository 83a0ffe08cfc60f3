import { equalBytes } from '../bytes.ts';
import { emptyRoot } from './emptyRoot.ts';
import { nodeHash } from './nodeHash.ts';
import type { Sha256 } from './Sha256.ts';

/** The claim that a consistency proof is to prove. */
export interface ConsistencyClaim {
  /** Number of leaves of the smaller tree. */
  readonly first: number;
  /** Number of leaves of the larger tree. */
  readonly second: number;
  /** Root of the smaller tree, 32 bytes. */
  readonly firstRoot: Uint8Array;
  /** Root of the larger tree, 32 bytes. */
  readonly secondRoot: Uint8Array;
  /** Hashes of 32 bytes; none if `first` is 0 or the sizes are equal. */
  readonly proof: readonly Uint8Array[];
}

/**
 * Tells whether a proof shows that the smaller tree is the beginning of the larger (RFC 9162 §2.1.4.2). The tree
 * without leaves is the beginning of every tree.
 *
 * @param primitives - SHA-256.
 * @param claim - The claim; anything that no two trees can have is false, not an error.
 */
export function verifyConsistency(primitives: Sha256, claim: ConsistencyClaim): boolean {
  const { first, second, firstRoot, secondRoot, proof } = claim;
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(second)) return false;
  if (first < 0 || first > second || proof.some((hash) => hash.length !== 32)) return false;
  if (first === second) return proof.length === 0 && equalBytes(firstRoot, secondRoot);
  if (first === 0) return proof.length === 0 && equalBytes(firstRoot, emptyRoot(primitives));

  let place = first - 1;
  let last = second - 1;
  while (place % 2 === 1) {
    place = (place - 1) / 2;
    last = Math.floor(last / 2);
  }
  // A smaller tree that is one complete subtree is the start itself, and the proof leaves it out.
  const [start, ...rest] = place === 0 ? [firstRoot, ...proof] : proof;
  if (start === undefined) return false;

  let firstHash = start;
  let secondHash = start;
  for (const hash of rest) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      firstHash = nodeHash(primitives, hash, firstHash);
      secondHash = nodeHash(primitives, hash, secondHash);
      while (place % 2 === 0 && place !== 0) {
        place /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      secondHash = nodeHash(primitives, secondHash, hash);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equalBytes(firstHash, firstRoot) && equalBytes(secondHash, secondRoot);
}
