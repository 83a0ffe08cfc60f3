import type { NetworkFile } from '../network/NetworkFile.ts';

/**
 * Counts the network files before one, which is its number: 0 for the founding's.
 *
 * @param file - The network file; the number of none is 0 too.
 */
export function numberOf({ before = [] }: Pick<NetworkFile, 'before'> = {}): number {
  return before.length;
}
