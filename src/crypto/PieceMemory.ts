const NOTHING = new Uint8Array();

/**
 * The memory of a stream's pieces: fresh for each, or of a few pieces in turn. Memory that is used again is nearly free;
 * fresh memory must be given and cleared by the system and collected as garbage, which takes as long as encrypting it.
 */
export class PieceMemory {
  readonly #held: Uint8Array[] | undefined;
  readonly #most: number;
  #turn = 0;

  /** @param most - Number of pieces in use at once, after which memory is used again; fresh for each if undefined. */
  constructor(most: number | undefined) {
    this.#most = most ?? 0;
    this.#held = most === undefined ? undefined : [];
  }

  /**
   * Memory for the next piece; what it holds is to be overwritten.
   * @param length - Bytes of the piece. None use up no turn.
   */
  take(length: number): Uint8Array {
    if (this.#held === undefined) return new Uint8Array(length);
    if (length === 0) return NOTHING;
    const turn = this.#turn;
    this.#turn = (turn + 1) % this.#most;
    let held = this.#held[turn];
    if (held === undefined || held.length < length) {
      held = new Uint8Array(length);
      this.#held[turn] = held;
    }
    return held.subarray(0, length);
  }
}
