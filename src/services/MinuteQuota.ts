import { MedsealError } from '../errors/MedsealError.ts';
import { seconds, type Clock } from '../protocol/Clock.ts';

/** Limits what each party does in a minute. Its memory is bounded by the number of enrolled parties. */
export class MinuteQuota {
  readonly #clock: Clock;
  readonly #what: string;
  readonly #most: number;
  readonly #taken = new Map<string, number>();
  #minute = 0;

  /**
   * @param clock - The node's.
   * @param what - The things that are counted, for an error.
   * @param most - Number of them in a minute.
   */
  constructor(clock: Clock, what: string, most: number) {
    this.#clock = clock;
    this.#what = what;
    this.#most = most;
  }

  /**
   * Counts more.
   *
   * @param party - Authenticated.
   * @param count - Their number; all of them count, or none.
   * @throws MedsealError `QUOTA_SPENT`.
   */
  take(party: string, count = 1): void {
    const now = Math.floor(seconds(this.#clock) / 60);
    if (now !== this.#minute) this.#taken.clear();
    this.#minute = now;
    const after = (this.#taken.get(party) ?? 0) + count;
    if (after > this.#most) throw new MedsealError('QUOTA_SPENT', { what: this.#what });
    this.#taken.set(party, after);
  }
}
