/** Lets one piece of work at a time run for each key, in the order in which they came. */
export class KeyedLock {
  readonly #tails = new Map<string, Promise<unknown>>();

  /**
   * Runs work when all that came earlier for the key has ended.
   * @param key - The key that the work has to itself.
   * @param work - The work to run; its result or error is passed on.
   */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    return await this.runAll([key], work);
  }

  /**
   * Runs work when all that came earlier for any of the keys has ended. The places in all queues are taken at once, so
   * no two pieces of work wait for each other.
   * @param keys - The keys that the work has to itself.
   * @param work - The work to run; its result or error is passed on.
   */
  async runAll<Result>(keys: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const before = keys.map(async (key) => await this.#tails.get(key));
    const result = Promise.all(before).then(work);
    const tail = result.catch(() => undefined);
    for (const key of keys) this.#tails.set(key, tail);
    try {
      return await result;
    } finally {
      for (const key of keys) {
        if (this.#tails.get(key) === tail) this.#tails.delete(key);
      }
    }
  }
}
