import type { Random } from '../../../crypto/Random.ts';
import { seededRandom } from '../testNetwork.ts';

/** Choices that follow from a seed. */
export class Dice {
  readonly #bytes: Random;

  /** @param seed - Any text. */
  constructor(seed: string) {
    this.#bytes = seededRandom(seed);
  }

  /** A number from 0 to below 1. */
  fraction(): number {
    const bytes = this.#bytes(4);
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) / 2 ** 32;
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** A whole number of the range, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  /** One of a list that is not empty. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new Error('there is nothing to pick from');
    return item;
  }
}
