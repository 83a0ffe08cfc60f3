import { createHash } from 'node:crypto';

/** Choices that follow from a seed: xoshiro128** (Blackman and Vigna) over its hash. */
export class Dice {
  readonly #state: Uint32Array;

  /** @param seed - Any text. */
  constructor(seed: string) {
    const hash = createHash('sha256').update(seed).digest();
    this.#state = new Uint32Array(new Uint8Array(hash).buffer, 0, 4);
  }

  /** Returns a number from 0 to below 1. */
  fraction(): number {
    const state = this.#state;
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    state[0] = a ^ d ^ b;
    state[1] = b ^ c ^ a;
    state[2] = c ^ a ^ (b << 9);
    state[3] = rotated(d ^ b, 11);
    return result / 2 ** 32;
  }

  /** Tells whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** Returns a whole number of the range, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  /** Returns one item of a list that is not empty. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new Error('there is nothing to pick from');
    return item;
  }

  /** Returns so many different items of a list, or all of it. */
  some<Item>(items: readonly Item[], count: number): readonly Item[] {
    const rest = [...items];
    while (rest.length > Math.max(0, count)) rest.splice(this.between(0, rest.length - 1), 1);
    return rest;
  }
}

function rotated(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
