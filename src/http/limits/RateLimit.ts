import type { Clock } from '../../protocol/Clock.ts';

/** Number of callers that are remembered; a forgotten one begins again. */
const MOST_CALLERS = 10_000;

/**
 * Multiples of the burst that a caller can owe. Requests that are under way when it has nothing left are answered: were less
 * of them owed, it would have the rest for nothing.
 */
const MOST_OWED = 12;

/** Rounding error of an allowance that grew in parts. */
const ROUNDING = 1e-9;

interface Bucket {
  /** Less than nothing if visits cost more than there was. */
  tokens: number;
  /** Time of that, milliseconds. */
  at: number;
}

/** Rate limit of callers: an average per second, and a burst. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #clock: Pick<Clock, 'now'>;
  /** In the order of their last visits. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(perSecond: number, burst: number, clock: Pick<Clock, 'now'>) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#clock = clock;
  }

  /**
   * Counts a visit.
   *
   * @param caller - The caller.
   * @param cost - Number of visits that it counts as; at most the burst counts.
   * @returns 0 if it is allowed, else the milliseconds until it would be.
   */
  visit(caller: string, cost = 1): number {
    const price = Math.min(cost, this.#burst);
    const now = this.#clock.now();
    const known = this.#buckets.get(caller) ?? { tokens: this.#burst, at: now };
    const gained = (Math.max(now - known.at, 0) * this.#perSecond) / 1000;
    const tokens = Math.min(this.#burst, known.tokens + gained);
    const fine = tokens > price - ROUNDING;
    this.#buckets.delete(caller);
    this.#buckets.set(caller, { tokens: fine ? tokens - price : tokens, at: now });
    if (this.#buckets.size > MOST_CALLERS) {
      const [longest] = this.#buckets.keys();
      this.#buckets.delete(longest ?? '');
    }
    return fine ? 0 : Math.ceil(((price - tokens - ROUNDING) * 1000) / this.#perSecond);
  }

  /**
   * Takes from an allowance what a visit turned out to cost: it can fall 12 times as far below nothing as it can grow.
   *
   * @param caller - The caller.
   * @param cost - The cost of the visit, as of one.
   */
  charge(caller: string, cost: number): void {
    this.visit(caller, 0);
    const bucket = this.#buckets.get(caller);
    if (bucket !== undefined)
      bucket.tokens = Math.max(-MOST_OWED * this.#burst, bucket.tokens - cost);
  }
}
