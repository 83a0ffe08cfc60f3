import type { NetworkFile } from '../network/NetworkFile.ts';

/**
 * Tells whether a network has a channel whose records open by a release alone.
 *
 * @param network - The network file.
 */
export function isGuarded({ channels }: Pick<NetworkFile, 'channels'>): boolean {
  return channels.some(({ release }) => release !== undefined);
}
