import type { NetworkFile } from '../../../../src/protocol/network/NetworkFile.ts';

/**
 * Returns the number of the network file that was in force at a moment: 0 for the first, then one more for each successor.
 *
 * @param network - The newest file, which names those before it.
 * @param at - Unix seconds.
 */
export function fileNumberAt({ before = [] }: NetworkFile, at: number): number {
  const place = before.findIndex(({ until }) => at < until);
  return place === -1 ? before.length : place;
}
