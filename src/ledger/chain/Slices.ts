/**
 * Work in slices, between which the process does everything else. Slices are counted in units of work and not by a
 * clock, so that the same work is cut at the same places on every machine.
 */
export interface Slices {
  /**
   * Counts work.
   * @param units - One for a cheap opcode, about a microsecond.
   * @returns True if the slice is used up: wait for the next before you go on.
   */
  count(units: number): boolean;
  /** Waits for the next slice. */
  next(): Promise<void>;
}

/** Units in a slice: a millisecond or two. */
export const SLICE_UNITS = 1024;

/** Gas that takes as long as one unit, at least: no opcode takes more than 300 ns for each gas that it uses. */
export const GAS_PER_UNIT = 4;
