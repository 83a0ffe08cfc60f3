import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Clock } from '../../../protocol/Clock.ts';

/** What a turnstile lets through. */
export interface TurnstileOptions {
  /** How much weight may be inside at a time. */
  readonly capacity: number;
  /** How many may wait. */
  readonly waiting: number;
  /** How long one waits at most, milliseconds. */
  readonly patience: number;
  readonly clock: Clock;
}

interface Waiting {
  readonly weight: number;
  readonly enter: () => void;
}

/** Lets so much in at a time. The rest waits in its order for a while, or is told at once to come again. */
export class Turnstile {
  readonly #options: TurnstileOptions;
  readonly #queue = new Set<Waiting>();
  #inside = 0;

  constructor(options: TurnstileOptions) {
    this.#options = options;
  }

  /** How much weight is inside. */
  get inside(): number {
    return this.#inside;
  }

  /**
   * Waits for a place.
   *
   * @param weight - How much of it; no more than the capacity counts, so that each gets in at some time.
   * @returns Call it to leave; safe to repeat.
   * @throws MedsealError `OVERLOADED` where too many wait, or the wait is too long.
   */
  async enter(weight = 1): Promise<() => void> {
    const { capacity, waiting, patience, clock } = this.#options;
    const counted = Math.min(weight, capacity);
    if (this.#queue.size === 0 && this.#inside + counted <= capacity) return this.#take(counted);
    if (this.#queue.size >= waiting) throw new MedsealError('OVERLOADED', {});
    return await new Promise((resolve, reject) => {
      const place: Waiting = {
        weight: counted,
        enter: () => {
          cancel();
          resolve(this.#take(counted));
        },
      };
      const cancel = clock.after(patience, () => {
        this.#queue.delete(place);
        reject(new MedsealError('OVERLOADED', {}));
        this.#admit();
      });
      this.#queue.add(place);
    });
  }

  #take(weight: number): () => void {
    this.#inside += weight;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#inside -= weight;
      this.#admit();
    };
  }

  #admit(): void {
    for (const place of this.#queue) {
      if (this.#inside + place.weight > this.#options.capacity) return;
      this.#queue.delete(place);
      place.enter();
    }
  }
}
