import type { Clock } from '../../protocol/Clock.ts';

/** Clock with which a test need not wait for periodic tasks. */
export class ImpatientClock implements Clock {
  readonly #clock: Clock;
  readonly #period: number;
  /** A task that waits, and the guard against running it twice. */
  readonly #waiting = new Map<() => void, () => void>();
  #onWaiting: () => void = () => undefined;

  /**
   * @param clock - The time, and all other timers.
   * @param period - Period of the tasks that are hastened, milliseconds.
   */
  constructor(clock: Clock, period: number) {
    this.#clock = clock;
    this.#period = period;
  }

  /** The other clock's time. */
  now(): number {
    return this.#clock.now();
  }

  /** As the other clock does. */
  after(milliseconds: number, run: () => void): () => void {
    if (milliseconds !== this.#period) return this.#clock.after(milliseconds, run);
    const cancel = this.#clock.after(milliseconds, () => {
      this.#waiting.delete(run);
      run();
    });
    const forget = (): void => {
      cancel();
      this.#waiting.delete(run);
    };
    this.#waiting.set(run, forget);
    this.#onWaiting();
    return forget;
  }

  /** Runs all tasks that wait for the period now; resolves when they wait again. */
  async hasten(): Promise<void> {
    const hastened = [...this.#waiting];
    let left = hastened.length;
    if (left === 0) return;
    const done = new Promise<void>((resolve) => {
      this.#onWaiting = () => {
        left -= 1;
        if (left === 0) resolve();
      };
    });
    for (const [run, forget] of hastened) {
      forget();
      run();
    }
    await done;
  }
}
