import type { Clock } from '../../../protocol/Clock.ts';

/** How many callers are remembered; who is forgotten may begin again. */
const MOST_CALLERS = 10_000;

/** What was gained in parts may be so much less than in one. */
const ROUNDING = 1e-9;

interface Bucket {
  tokens: number;
  /** When that was so, milliseconds. */
  at: number;
}

/** How often a caller may come: so often in a second on the average, and so often at once. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #clock: Pick<Clock, 'now'>;
  /** In the order in which they came last. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(perSecond: number, burst: number, clock: Pick<Clock, 'now'>) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#clock = clock;
  }

  /**
   * Counts a visit.
   *
   * @param caller - Who comes.
   * @param cost - How many visits it counts as; no more than may come at once.
   * @returns 0 if that is fine, or after how many milliseconds it would be.
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
}
