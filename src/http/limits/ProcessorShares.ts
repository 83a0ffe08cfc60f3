import type { Clock } from '../../protocol/Clock.ts';
import { Counts } from './Counts.ts';
import { RateLimit } from './RateLimit.ts';

/** Milliseconds of processor time that a caller may take in a second, and at once after a pause. */
export interface ShareTerms {
  readonly share: number;
  readonly burst: number;
}

/** A quarter of a processor. */
const OF_ADDRESS: ShareTerms = { share: 250, burst: 5000 };
/** Milliseconds of processor time that all others together took lately, from which on the processor is shared with them. */
const BESIDE = 250;
/** Half of what counts as lately, milliseconds. */
const PERIOD = 15_000;
/** Number of callers of a period; with more the next one begins. */
const MOST_CALLERS = 10_000;

/**
 * Accounts of the processor time that answers took. Each caller pays afterwards for its own, whatever it asked for: no
 * route has a price. Only while answers to others take time too is a caller turned away that has nothing left; alone it may
 * have all.
 */
export class ProcessorShares {
  readonly #accounts: RateLimit;
  readonly #clock: Pick<Clock, 'now'>;
  /** Milliseconds that answers took in this period and in the one before. */
  #taken = new Counts();
  #takenBefore = new Counts();
  #began: number;

  constructor(clock: Pick<Clock, 'now'>, { share, burst } = OF_ADDRESS) {
    this.#clock = clock;
    this.#began = clock.now();
    this.#accounts = new RateLimit(share, burst, clock);
  }

  /**
   * Notes a request.
   *
   * @param caller - The caller.
   * @returns 0 if it may be answered, else the milliseconds until then.
   */
  visit(caller: string): number {
    return this.#isAlone(caller) ? 0 : this.#accounts.visit(caller, 0);
  }

  /**
   * Charges a caller for an answer, unless it is alone: it would owe that once others come.
   *
   * @param caller - The caller.
   * @param milliseconds - The processor time that it took.
   */
  charge(caller: string, milliseconds: number): void {
    if (!this.#isAlone(caller)) this.#accounts.charge(caller, milliseconds);
    this.#taken.add(caller, milliseconds);
  }

  #isAlone(caller: string): boolean {
    this.#begin();
    const periods = [this.#taken, this.#takenBefore];
    const others = periods.reduce((sum, taken) => sum + taken.total - taken.of(caller), 0);
    return others < BESIDE;
  }

  #begin(): void {
    const now = this.#clock.now();
    const since = now - this.#began;
    if (since < PERIOD && this.#taken.names < MOST_CALLERS) return;
    this.#takenBefore = since < 2 * PERIOD ? this.#taken : new Counts();
    this.#taken = new Counts();
    this.#began = now;
  }
}
