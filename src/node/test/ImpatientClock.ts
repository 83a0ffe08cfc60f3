import type { Clock } from '../../protocol/Clock.ts';

/** A clock with which a test need not wait for what is done again and again after so long. */
export class ImpatientClock implements Clock {
  readonly #clock: Clock;
  readonly #period: number;
  /** What waits, and how it is kept from being run twice. */
  readonly #waiting = new Map<() => void, () => void>();
  #onWaiting: () => void = () => undefined;

  /**
   * @param clock - What time it is, and all other timers.
   * @param period - Milliseconds after which what is hastened is done again.
   */
  constructor(clock: Clock, period: number) {
    this.#clock = clock;
    this.#period = period;
  }

  /** The other clock's time. */
  now(): number {
    return this.#clock.now();
  }

  /** As of the other clock. */
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

  /** Has all that waits for the period done now; resolves when it waits again. */
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
