/** How much each of several has of something; who has nothing takes up no memory. */
export class Counts {
  readonly #counts = new Map<string, number>();
  #total = 0;

  /** How much all have together. */
  get total(): number {
    return this.#total;
  }

  /** How much one has. */
  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Adds to what one has. */
  add(name: string, amount: number): void {
    const count = this.of(name) + amount;
    this.#total += amount;
    if (count === 0) this.#counts.delete(name);
    else this.#counts.set(name, count);
  }

  /** The one that has the most; undefined if nobody has anything. */
  most(): { readonly name: string; readonly count: number } | undefined {
    let most: { name: string; count: number } | undefined;
    for (const [name, count] of this.#counts) {
      if (most === undefined || count > most.count) most = { name, count };
    }
    return most;
  }
}
