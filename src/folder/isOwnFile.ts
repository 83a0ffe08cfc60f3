import type { Stats } from 'node:fs';

/**
 * Tells whether nobody can write to a file but whoever runs this and the machine's administrator. Systems without owners have
 * no answer; there it is taken for one.
 *
 * @param file - Its owner and mode.
 */
export function isOwnFile({ uid, mode }: Pick<Stats, 'uid' | 'mode'>): boolean {
  const own = process.getuid?.();
  if (own === undefined) return true;
  return (own === 0 || uid === own || uid === 0) && (mode & 0o022) === 0;
}
