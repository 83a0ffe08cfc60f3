import type { RowStore } from '../database/rows/RowStore.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { Bytes32 } from '../protocol/ids.ts';

/** Blocks from one digest to the next, of up to so many rows; twice the blocks for up to twice the rows, and so on. */
const [EVERY, ROWS] = [32, 2 ** 16];
/** Passes take at most one part in so many of the time; if they took more, blocks come faster than a ledger of validators makes them. */
const PART = 100;
/** Digests that are kept, the latest ones: two nodes that are some blocks apart have one of the same block. */
export const DIGESTS_KEPT = 8;

/** Digest of an index's rows at the end of a block. */
export interface BlockDigest {
  readonly block: number;
  readonly digest: Bytes32;
}

/**
 * Digests of the rows of a node's index at blocks whose numbers every node can tell, each made by a pass over the rows on the disk while the
 * index goes on. The more rows there are, the more blocks are between two passes, so that they take the same share of a node's time.
 */
export class IndexDigests {
  readonly #rows: Pick<RowStore, 'digest' | 'isStored'>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #onFailure: (error: unknown) => void;
  readonly #ended = new AbortController();
  #latest: readonly BlockDigest[] = [];
  #pass: Promise<void> | undefined;
  /** A power of two: of so many due blocks this node takes one. All have those that one with a greater number takes. */
  #oneOf = 1;
  /** Moment at which the last pass began, milliseconds. */
  #begun = -Infinity;

  /**
   * @param rows - The rows; of rows in memory alone none are made.
   * @param clock - Clock by which passes are timed.
   * @param onFailure - Called with the error of a pass; the next block that is due gets another one.
   */
  constructor(
    rows: Pick<RowStore, 'digest' | 'isStored'>,
    clock: Pick<Clock, 'now'>,
    onFailure: (error: unknown) => void = () => undefined,
  ) {
    this.#rows = rows;
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  /** Oldest first. */
  get latest(): readonly BlockDigest[] {
    return this.#latest;
  }

  /**
   * Goes on from digests that were kept with the rows.
   *
   * @param latest - Oldest first.
   */
  resume(latest: readonly BlockDigest[]): void {
    this.#latest = latest;
  }

  /**
   * Returns the block at which the next digest is due. While the index is behind by more than the blocks between two, none is.
   *
   * @param head - The ledger's newest block.
   * @param index - The block that the rows stand at, and their number.
   * @returns Undefined if none is due, or a pass is still under way.
   */
  dueBy(
    head: number,
    { from, rows }: { readonly from: number; readonly rows: number },
  ): number | undefined {
    if (!this.#rows.isStored || this.#pass !== undefined) return undefined;
    const every = blocksBetween(rows) * this.#oneOf;
    const due = Math.floor(head / every) * every;
    const isMade = (this.#latest.at(-1)?.block ?? 0) >= due;
    return due >= from && head - from <= every && !isMade ? due : undefined;
  }

  /**
   * Begins a pass over the rows.
   *
   * @param block - The block that the rows on the disk stand at.
   */
  take(block: number): void {
    if (this.#ended.signal.aborted) return;
    const begun = this.#clock.now();
    const since = begun - this.#begun;
    this.#begun = begun;
    this.#pass = this.#rows
      .digest(this.#ended.signal)
      .then((digest) => {
        if (digest === undefined) return;
        this.#latest = [...this.#latest, { block, digest }].slice(-DIGESTS_KEPT);
      }, this.#onFailure)
      .finally(() => {
        this.#pass = undefined;
        this.#pace(since, this.#clock.now() - begun);
      });
  }

  /** Takes fewer of the due blocks if a pass took too long for the time since the one before, and more once it did not. */
  #pace(since: number, took: number): void {
    if (since < PART * took) this.#oneOf *= 2;
    else if (since > 4 * PART * took) this.#oneOf = Math.max(1, this.#oneOf / 2);
  }

  /** Resolves once no pass is under way. */
  async settled(): Promise<void> {
    await this.#pass;
  }

  /** Ends a pass that is under way, and begins no other one. */
  async close(): Promise<void> {
    this.#ended.abort();
    await this.#pass;
  }
}

/**
 * Blocks from one digest to the next.
 *
 * @param rows - Number of the rows.
 */
export function blocksBetween(rows: number): number {
  let blocks = EVERY;
  for (let held = rows; held > ROWS; held /= 2) blocks *= 2;
  return blocks;
}
