import { setImmediate } from 'node:timers/promises';
import { SLICE_UNITS, type Slices } from './Slices.ts';

/** Slices of which there is one in each turn of the event loop. */
export class LoopSlices implements Slices {
  #left = SLICE_UNITS;

  count(units: number): boolean {
    this.#left -= units;
    return this.#left <= 0;
  }

  async next(): Promise<void> {
    await setImmediate();
    this.#left = SLICE_UNITS;
  }
}
