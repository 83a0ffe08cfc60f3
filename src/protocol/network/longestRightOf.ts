import type { NetworkFile } from './NetworkFile.ts';

/** Default for the longest time that a right may hold, seconds: ten years of 365.25 days. */
export const DEFAULT_LONGEST_RIGHT = 315_576_000;

/**
 * Returns the longest time that a right may hold in a network, seconds.
 *
 * @param network - The network file.
 */
export function longestRightOf({ rights }: Pick<NetworkFile, 'rights'>): number {
  return rights?.longest ?? DEFAULT_LONGEST_RIGHT;
}
