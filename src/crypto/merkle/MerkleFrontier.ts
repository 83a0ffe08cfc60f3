import type { ReadHash } from './ReadHash.ts';
import { emptyRoot } from './emptyRoot.ts';
import { nodeHash } from './nodeHash.ts';
import type { Sha256 } from './Sha256.ts';

/** A subtree that an append completed, and its hash. */
export interface CompletedHash {
  /** 0 for a leaf; a subtree of level n has 2^n leaves. */
  readonly level: number;
  /** Place of the subtree in its level. */
  readonly index: number;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

/**
 * The right edge of a growing RFC 9162 tree: the roots of its complete subtrees, largest first, which is all
 * that appending and the root need. At most 53 hashes, whatever the size.
 */
export class MerkleFrontier {
  readonly #primitives: Sha256;
  readonly #peaks: Uint8Array[];
  #size: number;

  private constructor(primitives: Sha256, peaks: Uint8Array[], size: number) {
    this.#primitives = primitives;
    this.#peaks = peaks;
    this.#size = size;
  }

  /** The frontier of a tree without leaves. */
  static empty(primitives: Sha256): MerkleFrontier {
    return new MerkleFrontier(primitives, [], 0);
  }

  /**
   * The frontier of a tree that is kept elsewhere.
   *
   * @param primitives - SHA-256.
   * @param size - Number of leaves.
   * @param readHash - Reads at most log2(size) + 1 hashes.
   */
  static async load(primitives: Sha256, size: number, readHash: ReadHash): Promise<MerkleFrontier> {
    const peaks = await Promise.all(
      peaksOf(size).map(async ({ level, index }) => await readHash(level, index)),
    );
    return new MerkleFrontier(primitives, peaks, size);
  }

  /**
   * The frontier that was kept as its peaks.
   *
   * @param primitives - SHA-256.
   * @param size - Number of leaves.
   * @param peaks - The hashes that `peaks` gave, 32 bytes each.
   * @throws RangeError if a tree of that size has not so many.
   */
  static of(primitives: Sha256, size: number, peaks: readonly Uint8Array[]): MerkleFrontier {
    if (peaksOf(size).length !== peaks.length) throw new RangeError('not the peaks of that size');
    return new MerkleFrontier(primitives, [...peaks], size);
  }

  /** The roots of its complete subtrees, largest first. */
  get peaks(): readonly Uint8Array[] {
    return [...this.#peaks];
  }

  /** Number of leaves. */
  get size(): number {
    return this.#size;
  }

  /**
   * Appends a leaf.
   *
   * @param leaf - Its leaf hash, 32 bytes.
   * @returns The subtrees that it completes, the leaf itself first: what a log keeps.
   */
  append(leaf: Uint8Array): CompletedHash[] {
    let index = this.#size;
    let hash = leaf;
    const completed = [{ level: 0, index, hash }];
    while (index % 2 === 1) {
      const left = this.#peaks.pop() as Uint8Array;
      index = (index - 1) / 2;
      hash = nodeHash(this.#primitives, left, hash);
      completed.push({ level: completed.length, index, hash });
    }
    this.#peaks.push(hash);
    this.#size += 1;
    return completed;
  }

  /** The root of the tree as it is now, 32 bytes. */
  root(): Uint8Array {
    if (this.#peaks.length === 0) return emptyRoot(this.#primitives);
    return this.#peaks.reduceRight((right, left) => nodeHash(this.#primitives, left, right));
  }

  /** A frontier that grows apart from this one. */
  copy(): MerkleFrontier {
    return new MerkleFrontier(this.#primitives, [...this.#peaks], this.#size);
  }
}

/** Places of the complete subtrees that a tree's right edge consists of, largest first. */
function peaksOf(size: number): { level: number; index: number }[] {
  const peaks: { level: number; index: number }[] = [];
  for (let level = 0, rest = size; rest > 0; level++, rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) peaks.unshift({ level, index: rest - 1 });
  }
  return peaks;
}
