interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets concurrent calls share a write: calls that come while one is under way wait, and share the next. They keep their
 * order.
 */
export class GroupCommit<Item, Result> {
  readonly #write: (items: readonly Item[]) => Promise<Result>;
  readonly #weigh: (item: Item) => number;
  readonly #limit: number;
  readonly #waiting: Waiting<Item, Result>[] = [];
  #running: Promise<void> | undefined;

  /**
   * @param write - Writes a group; all of its calls get the result or the error.
   * @param weigh - Weight of an item; nothing by default, so that a group may have any number of items.
   * @param limit - The most that a group weighs, unless it is of one item.
   */
  constructor(
    write: (items: readonly Item[]) => Promise<Result>,
    weigh: (item: Item) => number = () => 0,
    limit = 0,
  ) {
    this.#write = write;
    this.#weigh = weigh;
    this.#limit = limit;
  }

  /** Writes an item with its group. */
  async add(item: Item): Promise<Result> {
    return await new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Waits until all that was added is written or has failed. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // Whatever is called in the same turn shares the first group.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#take();
      try {
        const result = await this.#write(group.map(({ item }) => item));
        for (const { resolve } of group) resolve(result);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#running = undefined;
  }

  #take(): Waiting<Item, Result>[] {
    let count = 0;
    for (let weight = 0; count < this.#waiting.length; count++) {
      const next = this.#waiting[count];
      if (next === undefined) break;
      weight += this.#weigh(next.item);
      if (weight > this.#limit && count > 0) break;
    }
    return this.#waiting.splice(0, count);
  }
}
