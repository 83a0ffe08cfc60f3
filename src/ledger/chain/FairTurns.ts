import { SLICE_UNITS, type Slices } from './Slices.ts';

/** A call that begins counts as so much work: setting it up takes as long. */
const BEGINNING = 256;

/** One piece of work among those that share the process. */
export interface Turn extends Slices {
  /** Begins: nothing counts as used yet. Waits for the first slice. */
  begin(): Promise<void>;
  /** Ends; what is left of the slice is the next one's. */
  end(): void;
}

interface Waiting {
  /** Units that it has used. */
  readonly used: number;
  readonly resolve: () => void;
}

/**
 * Shares the process among pieces of work: in each turn of the event loop one slice, for the one that has used least.
 * So a short piece of work never waits for the end of a long one.
 */
export class FairTurns {
  readonly #waiting = new Set<Waiting>();
  #left = 0;
  #running = false;
  #woken = false;

  /** Makes a turn for work that is done once and again, one piece after the other. */
  turn(): Turn {
    let used = 0;
    const wait = async (): Promise<void> => {
      await new Promise<void>((resolve) => {
        this.#waiting.add({ used, resolve });
        this.#wake();
      });
    };
    const count = (units: number): boolean => {
      used += units;
      this.#left -= units;
      return this.#left <= 0;
    };
    return {
      count,
      begin: async () => {
        used = 0;
        await wait();
        count(BEGINNING);
      },
      next: async () => {
        this.#running = false;
        await wait();
      },
      end: () => {
        this.#running = false;
        if (this.#left > 0) this.#admit();
        else this.#wake();
      },
    };
  }

  #wake(): void {
    if (this.#woken || this.#running || this.#waiting.size === 0) return;
    this.#woken = true;
    setImmediate(() => {
      this.#woken = false;
      this.#left = SLICE_UNITS;
      this.#admit();
    });
  }

  /** Gives the slice to the one that has used least; among equals, to the one that waited longest. */
  #admit(): void {
    if (this.#running) return;
    const [first, ...rest] = this.#waiting;
    if (first === undefined) return;
    const least = rest.reduce((found, other) => (other.used < found.used ? other : found), first);
    this.#waiting.delete(least);
    this.#running = true;
    least.resolve();
  }
}
