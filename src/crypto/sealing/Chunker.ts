/**
 * Cuts a stream into chunks of one size, holding the newest back until it is known whether it is the last. A chunk is
 * valid until the next is taken.
 */
export class Chunker {
  /** Bytes in every chunk but the last. */
  readonly size: number;
  readonly #held: Uint8Array;
  #used = 0;

  /** @param size - Bytes in every chunk but the last. */
  constructor(size: number) {
    this.size = size;
    this.#held = new Uint8Array(size);
  }

  /** Number of chunks that `push` will give for a piece of so many bytes. */
  completedBy(length: number): number {
    return Math.max(0, Math.ceil((this.#used + length) / this.size) - 1);
  }

  /**
   * Takes a piece of the stream.
   * @param piece - Any number of bytes.
   * @returns The chunks that are now known not to be the last.
   */
  *push(piece: Uint8Array): Generator<Uint8Array> {
    const { size } = this;
    let rest = piece;
    while (rest.length > 0) {
      if (this.#used === size) {
        yield this.#held;
        this.#used = 0;
      }
      if (this.#used === 0 && rest.length > size) {
        // A whole chunk with something behind it needs no copy.
        yield rest.subarray(0, size);
        rest = rest.subarray(size);
        continue;
      }
      const taken = Math.min(size - this.#used, rest.length);
      this.#held.set(rest.subarray(0, taken), this.#used);
      this.#used += taken;
      rest = rest.subarray(taken);
    }
  }

  /** The last chunk, when the stream has ended; empty only if the stream was. */
  end(): Uint8Array {
    return this.#held.subarray(0, this.#used);
  }
}
