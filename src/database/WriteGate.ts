import type { FrozenStores } from './FrozenStores.ts';

/** Gate for writes to a folder's databases, which holds them back while all databases must stand still. */
export class WriteGate {
  /** Fix the moment of stores outside of a folder whose writes go through this gate, by the organisation's folder. */
  readonly elsewhere = new Map<string, () => Promise<FrozenStores>>();
  #running = 0;
  /** Called when nothing is being written any more. */
  #idle: (() => void) | undefined;
  #paused: Promise<unknown> | undefined;

  /**
   * Writes, once writes are not held back.
   * @param write - The write.
   */
  async run<Result>(write: () => Promise<Result>): Promise<Result> {
    while (this.#paused !== undefined) await this.#paused;
    this.#running += 1;
    try {
      return await write();
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#idle?.();
    }
  }

  /**
   * Does work while nothing is written: after the writes that are under way, and before any other.
   * @param work - It must write nothing through this gate.
   */
  async pause<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#paused !== undefined) await this.#paused;
    const paused = this.#quiet().then(work);
    this.#paused = paused.catch(() => undefined);
    try {
      return await paused;
    } finally {
      this.#paused = undefined;
    }
  }

  async #quiet(): Promise<void> {
    if (this.#running === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
    this.#idle = undefined;
  }
}
