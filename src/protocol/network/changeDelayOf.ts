import type { NetworkFile } from './NetworkFile.ts';

/** Default for the time that a change of an office, of a stake, or a recovery takes at the least, seconds: three days. */
export const DEFAULT_CHANGE_DELAY = 259_200;
/** Longest such time, seconds: the Registry has 32 bits for it. */
export const MOST_CHANGE_DELAY = 2 ** 32 - 1;

/**
 * Returns the time that a change of an office, of a stake, or a recovery takes at the least, seconds: so long everybody
 * can see what is coming.
 *
 * @param network - The network file.
 */
export function changeDelayOf({ changes }: Pick<NetworkFile, 'changes'>): number {
  return changes?.delay ?? DEFAULT_CHANGE_DELAY;
}
