/** Percentiles of latencies, milliseconds; undefined if what it falls on was never heard of. */
export interface Percentiles {
  readonly p50?: number | undefined;
  readonly p99?: number | undefined;
  readonly most?: number | undefined;
}

/** Times that things took until they were first heard of. */
export class Latencies {
  readonly #times = new Map<string, number>();

  /** Number of things that were heard of. */
  get count(): number {
    return this.#times.size;
  }

  /** Notes how long a thing took; only the first time that it is heard of counts. */
  add(what: string, milliseconds: number): void {
    if (!this.#times.has(what)) this.#times.set(what, milliseconds);
  }

  /**
   * Percentiles among so many things: those that were never heard of count as slower than all others.
   *
   * @param count - Number of things.
   */
  among(count: number): Percentiles {
    const times = [...this.#times.values()].toSorted((one, other) => one - other);
    const at = (part: number): number | undefined => times[Math.ceil(part * count) - 1];
    return { p50: at(0.5), p99: at(0.99), most: at(1) };
  }
}
