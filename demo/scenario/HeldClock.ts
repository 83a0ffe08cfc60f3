import type { Clock } from '../../src/protocol/Clock.ts';

/** Does something while the time of a scenario's network stands still, however long it takes. */
export type HoldTime = <Result>(run: () => Promise<Result>) => Promise<Result>;

/**
 * A clock whose time can stand still for a while; afterwards it is again what the other clock says. It is never ahead of that
 * one, and timers run on.
 */
export class HeldClock implements Clock {
  readonly #clock: Clock;
  #held: number | undefined;
  #holders = 0;

  /** @param clock - The clock that it follows. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The time, or the moment since which it stands still. */
  now(): number {
    return this.#held ?? this.#clock.now();
  }

  /** A timer of the other clock. */
  after(milliseconds: number, run: () => void): () => void {
    return this.#clock.after(milliseconds, run);
  }

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
