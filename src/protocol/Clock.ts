/** Time and timers, injected so that a test decides the time. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /**
   * Runs something once, later.
   * @param milliseconds - Delay in milliseconds.
   * @param run - Function to run; it must not throw.
   * @returns Function that cancels it.
   */
  after(milliseconds: number, run: () => void): () => void;
}

/** The clock's time in whole seconds, the unit of every moment in the protocol. */
export function seconds(clock: Pick<Clock, 'now'>): number {
  return Math.floor(clock.now() / 1000);
}
