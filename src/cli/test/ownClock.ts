import { ShiftedClock } from './ShiftedClock.ts';

/** Moment of a change with time for all signatures, however busy the machine: the clock is moved on once they are there. */
export const LATER = ['--after', '10m'] as const;

/** A clock that a test moves on, so that it need not wait for a moment that lies ahead. */
export interface OwnClock {
  /** Moves it on to a moment, in Unix seconds; not back. */
  moveTo(moment: number): Promise<void>;
}

/**
 * Has this process, and all that it starts from now on, go by a clock of their own.
 *
 * @param folder - Folder for the file that sets it.
 */
export async function ownClock(folder: string): Promise<OwnClock> {
  const clock = await ShiftedClock.open(folder);
  Object.assign(process.env, clock.env);
  const { readShift } = await import('./shiftedDate.ts');
  let ahead = 0;
  return {
    async moveTo(moment) {
      ahead += Math.max(0, 1000 * moment - Date.now());
      await clock.shift(ahead);
      readShift();
    },
  };
}
