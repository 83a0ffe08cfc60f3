import type { Clock } from '../../protocol/Clock.ts';
import { RateLimit } from './RateLimit.ts';

/** Milliseconds of processor time that a caller may take in a second: a quarter of a processor. */
const SHARE = 250;
/** Milliseconds of processor time that it may take at once after a pause. */
const BURST = 5000;
/** For so long after a request of another caller the processor is shared with it, milliseconds. */
const BESIDE = 30_000;

/** The last request of a caller. */
interface Visit {
  readonly caller: string;
  readonly at: number;
}

/**
 * Accounts of the processor time that answers took. Each caller pays afterwards for its own, whatever it asked for: no
 * route has a price. Only while others ask too is a caller turned away that has nothing left; alone it may have all.
 */
export class ProcessorShares {
  readonly #accounts: RateLimit;
  readonly #clock: Pick<Clock, 'now'>;
  /** The last request of all, and the last of any other caller. */
  #last: Visit | undefined;
  #other: Visit | undefined;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#accounts = new RateLimit(SHARE, BURST, clock);
  }

  /**
   * Notes a request.
   *
   * @param caller - The caller.
   * @returns 0 if it may be answered, else the milliseconds until then.
   */
  visit(caller: string): number {
    if (this.#last?.caller !== caller) this.#other = this.#last;
    const at = this.#clock.now();
    this.#last = { caller, at };
    const isAlone = this.#other === undefined || at - this.#other.at > BESIDE;
    return isAlone ? 0 : this.#accounts.visit(caller, 0);
  }

  /**
   * Charges a caller for an answer.
   *
   * @param caller - The caller.
   * @param milliseconds - The processor time that it took.
   */
  charge(caller: string, milliseconds: number): void {
    this.#accounts.charge(caller, milliseconds);
  }
}
