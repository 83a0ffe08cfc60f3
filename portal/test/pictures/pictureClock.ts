import { ownClock } from '../../../src/cli/test/ownClock.ts';

/** The day of all pictures, Unix seconds: 14 May 2031, so that days, ages and years on screens stay the same. */
const DAY = Date.UTC(2031, 4, 14, 9) / 1000;

/**
 * Has this process, and the network that it founds from now on, live on the day of the pictures.
 *
 * @param folder - Folder for the file that sets the clock.
 */
export async function setPictureClock(folder: string): Promise<void> {
  const clock = await ownClock(folder);
  await clock.moveTo(DAY);
}
