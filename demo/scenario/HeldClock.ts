import type { Clock } from '../../src/protocol/Clock.ts';

/** Does something while the time of a scenario's network stands still, however long it takes. */
export type HoldTime = <Result>(run: () => Promise<Result>) => Promise<Result>;

/** Lets seconds pass at once on a network that nobody else uses. */
export type PassTime = (seconds: number) => void;

/**
 * A clock whose time can stand still for a while; afterwards it is again what the other clock says. It is ahead of that one by
 * what was passed alone, and timers run on.
 */
export class HeldClock implements Clock {
  readonly #clock: Clock;
  #held: number | undefined;
  #holders = 0;
  /** Milliseconds that were passed. */
  #ahead = 0;

  /** @param clock - The clock that it follows. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The time, or the moment since which it stands still. */
  now(): number {
    return (this.#held ?? this.#clock.now()) + this.#ahead;
  }

  /** A timer of the other clock. */
  after(milliseconds: number, run: () => void): () => void {
    return this.#clock.after(milliseconds, run);
  }

  /** Lets seconds pass at once. */
  readonly pass: PassTime = (passed) => {
    this.#ahead += passed * 1000;
  };

  /** Lets the time stand still while something is done. */
  readonly hold: HoldTime = async (run) => {
    this.#held ??= this.#clock.now();
    this.#holders += 1;
    try {
      return await run();
    } finally {
      this.#holders -= 1;
      if (this.#holders === 0) this.#held = undefined;
    }
  };
}
