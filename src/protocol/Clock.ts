/** The time and the timers of whoever holds it, injected so that a test decides what time it is. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /**
   * Runs something once, later.
   * @param milliseconds - How much later.
   * @param run - What to run; it must not throw.
   * @returns Call it to cancel.
   */
  after(milliseconds: number, run: () => void): () => void;
}

/** The clock's time in whole seconds, the unit of every moment in the protocol. */
export function seconds(clock: Pick<Clock, 'now'>): number {
  return Math.floor(clock.now() / 1000);
}
