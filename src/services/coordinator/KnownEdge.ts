import { bytesToHex } from '../../crypto/bytes.ts';
import type { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import type { Bytes32 } from '../../protocol/ids.ts';

/** Leaves that were taken in together, and the edge that they end at. */
interface Step {
  readonly leaves: readonly Uint8Array[];
  readonly edge: MerkleFrontier;
  /** True if the log signed the tree that ends with them. */
  readonly isProven: boolean;
}

/**
 * Leaves of a log that a coordinator knows beyond the last checkpoint that it signed, so that it can sign a checkpoint
 * of any size in between. It is immutable.
 */
export class KnownEdge {
  /** The edge of the last checkpoint that was signed. */
  readonly #signed: MerkleFrontier;
  readonly #steps: readonly Step[];

  /**
   * @param signed - The edge of the last checkpoint that was signed.
   * @param steps - Steps taken in since, in their order.
   */
  constructor(signed: MerkleFrontier, steps: readonly Step[] = []) {
    this.#signed = signed;
    this.#steps = steps;
  }

  /** Number of entries of the log up to the last checkpoint that was signed. */
  get from(): number {
    return this.#signed.size;
  }

  /** Number of known entries of the log. */
  get size(): number {
    return this.#last().size;
  }

  /** A copy of the edge at the end of all known entries. */
  edge(): MerkleFrontier {
    return this.#last().copy();
  }

  /**
   * Adds further leaves; without leaves the edge is the same, or proven.
   * @param isProven - True if the log signed the tree that ends with them.
   */
  with(leaves: readonly Uint8Array[], isProven: boolean): KnownEdge {
    // An empty presentation takes up no memory, however often it is repeated.
    if (leaves.length === 0) return isProven ? this.#asProven() : this;
    const edge = this.edge();
    for (const leaf of leaves) edge.append(leaf);
    return new KnownEdge(this.#signed, [...this.#steps, { leaves, edge, isProven }]);
  }

  /** Returns the edge without leaves that the log did not sign. */
  proven(): KnownEdge {
    const last = this.#steps.findLastIndex(({ isProven }) => isProven);
    return new KnownEdge(this.#signed, this.#steps.slice(0, last + 1));
  }

  /**
   * A copy of the edge of the log's first entries.
   * @param size - From that of the last checkpoint to all that is known.
   */
  edgeAt(size: number): MerkleFrontier {
    const behind = this.#steps.findIndex((step) => step.edge.size > size);
    const before = behind < 0 ? this.#last() : (this.#steps[behind - 1]?.edge ?? this.#signed);
    const edge = before.copy();
    const leaves = this.#steps[behind]?.leaves ?? [];
    for (const leaf of leaves.slice(0, size - edge.size)) edge.append(leaf);
    return edge;
  }

  /** Tells whether the log's first entries, from the last checkpoint up to what is known, have this root. */
  hasRoot({ size, root }: { readonly size: number; readonly root: Bytes32 }): boolean {
    return bytesToHex(this.edgeAt(size).root()) === root;
  }

  /** Returns the edge beyond a checkpoint of a known size that is signed now. */
  after(size: number): KnownEdge {
    const rest = this.#steps.flatMap((step) => {
      const from = step.edge.size - step.leaves.length;
      if (step.edge.size <= size) return [];
      return [{ ...step, leaves: step.leaves.slice(Math.max(0, size - from)) }];
    });
    return new KnownEdge(this.edgeAt(size), rest);
  }

  /** The same edge, with all of it signed by the log. */
  #asProven(): KnownEdge {
    const last = this.#steps.at(-1);
    if (last === undefined || last.isProven) return this;
    const proven = { ...last, isProven: true };
    return new KnownEdge(this.#signed, [...this.#steps.slice(0, -1), proven]);
  }

  #last(): MerkleFrontier {
    return this.#steps.at(-1)?.edge ?? this.#signed;
  }
}
