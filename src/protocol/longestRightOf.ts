import type { NetworkFile } from './NetworkFile.ts';

/** How long a right may hold where the network says nothing else, seconds: ten years of 365.25 days. */
export const DEFAULT_LONGEST_RIGHT = 315_576_000;

/**
 * How long a right may hold at most in a network, seconds.
 *
 * @param network - The network file.
 */
export function longestRightOf({ rights }: Pick<NetworkFile, 'rights'>): number {
  return rights?.longest ?? DEFAULT_LONGEST_RIGHT;
}
