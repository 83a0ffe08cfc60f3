import { bytesToHex, hexToBytes } from '../bytes.ts';
import { nodeHash } from './nodeHash.ts';
import type { Sha256 } from './Sha256.ts';

/** Number of hashes remembered of one tree; proofs are verified in full beyond that. */
const MOST_NODES = 4096;

/** A node of a tree: its level, 0 for leaves, its place there, and its hash. */
type Node = readonly [level: number, place: number, hash: string];

/**
 * Checks inclusion proofs of one tree (RFC 9162 §2.1.3.2), one after another: what an earlier proof showed is compared,
 * and not hashed again. It says of each proof what `verifyInclusion` says, in whatever order they come.
 */
export class KnownTree {
  readonly #primitives: Sha256;
  readonly #size: number;
  readonly #root: string;
  /** Hashes that a whole proof showed, by level and place: with each of them all on its way to the root. */
  readonly #levels: Map<number, string>[] = [];
  #nodes = 0;

  /**
   * @param primitives - SHA-256.
   * @param size - Number of leaves of the tree.
   * @param root - Its root, 32 bytes as `0x` and lower-case hex.
   */
  constructor(primitives: Sha256, size: number, root: string) {
    this.#primitives = primitives;
    this.#size = size;
    this.#root = root;
  }

  /**
   * Tells whether a proof shows that a leaf is in the tree.
   *
   * @param index - Place of the leaf.
   * @param leaf - The leaf hash, 32 bytes.
   * @param proof - Hashes of 32 bytes as hex, the one nearest to the leaf first.
   * @returns False for anything that no tree can have.
   * @throws MedsealError `REQUEST_MALFORMED` if a hash of the proof is not hex.
   */
  includes(index: number, leaf: Uint8Array, proof: readonly string[]): boolean {
    if (!Number.isSafeInteger(index) || !Number.isSafeInteger(this.#size)) return false;
    if (index < 0 || index >= this.#size || leaf.length !== 32) return false;
    const shown: Node[] = [];
    const way = new Way(index, this.#size);
    let hash = leaf;
    for (const [step, text] of proof.entries()) {
      const known = way.isRoot ? this.#root : this.#hashAt(way.level, way.place);
      const own = bytesToHex(hash);
      if (known !== undefined) return own === known && this.#keep(shown, way, proof, step);
      const sibling = hexToBytes(text);
      if (sibling.length !== 32) return false;
      shown.push([way.level, way.place, own], [way.level, way.sibling, text]);
      hash =
        way.sibling < way.place
          ? nodeHash(this.#primitives, sibling, hash)
          : nodeHash(this.#primitives, hash, sibling);
      way.ascend();
    }
    const known = way.isRoot ? this.#root : undefined;
    return bytesToHex(hash) === known && this.#keep(shown, way, proof, proof.length);
  }

  /** Keeps what a proof showed up to a hash that is known, if all that it says beyond is known as well. */
  #keep(shown: readonly Node[], from: Way, proof: readonly string[], step: number): boolean {
    for (const text of proof.slice(step)) {
      if (from.isRoot || text !== this.#hashAt(from.level, from.sibling)) return false;
      from.ascend();
    }
    if (!from.isRoot) return false;
    if (this.#nodes + shown.length > MOST_NODES) return true;
    this.#nodes += shown.length;
    for (const [level, place, hash] of shown) {
      (this.#levels[level] ??= new Map<number, string>()).set(place, hash);
    }
    return true;
  }

  #hashAt(level: number, place: number): string | undefined {
    return this.#levels[level]?.get(place);
  }
}

/** The way from a leaf to the root, by the nodes that have a sibling. */
class Way {
  level = 0;
  place: number;
  #last: number;

  constructor(index: number, size: number) {
    this.place = index;
    this.#last = size - 1;
    this.#skip();
  }

  get isRoot(): boolean {
    return this.#last === 0;
  }

  get sibling(): number {
    return this.place % 2 === 1 ? this.place - 1 : this.place + 1;
  }

  ascend(): void {
    this.#up();
    this.#skip();
  }

  /** At the right edge of the tree a node may stand alone: it is its own parent. */
  #skip(): void {
    while (this.place === this.#last && this.place % 2 === 0 && this.place !== 0) this.#up();
  }

  #up(): void {
    this.level += 1;
    this.place = Math.floor(this.place / 2);
    this.#last = Math.floor(this.#last / 2);
  }
}
