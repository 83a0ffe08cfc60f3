import type { Stats } from 'node:fs';

/**
 * Tells whether somebody else than its owner can come to the files in a folder.
 *
 * @param folder - Its mode.
 */
export function canOthersEnter({ mode }: Pick<Stats, 'mode'>): boolean {
  return (mode & 0o011) !== 0;
}
