/** Amount that each of several has of something; one that has nothing takes up no memory. */
export class Counts {
  readonly #counts = new Map<string, number>();
  #total = 0;

  /** Amount that all have together. */
  get total(): number {
    return this.#total;
  }

  /** Number of those that have something. */
  get names(): number {
    return this.#counts.size;
  }

  /** Returns the amount that one has. */
  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Adds to the amount of one. */
  add(name: string, amount: number): void {
    const count = this.of(name) + amount;
    this.#total += amount;
    if (count === 0) this.#counts.delete(name);
    else this.#counts.set(name, count);
  }

  /** Returns the one that has the most; undefined if all have nothing. */
  most(): { readonly name: string; readonly count: number } | undefined {
    let most: { name: string; count: number } | undefined;
    for (const [name, count] of this.#counts) {
      if (most === undefined || count > most.count) most = { name, count };
    }
    return most;
  }
}
