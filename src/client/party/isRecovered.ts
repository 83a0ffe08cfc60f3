import type { Party } from './Party.ts';

/**
 * Tells whether the authority recovered the key that a party signs with now.
 *
 * @param party - The party; not who acts for it.
 */
export function isRecovered({
  acting,
  keyChanges = [],
}: Pick<Party, 'acting' | 'keyChanges'>): boolean {
  const last = keyChanges.at(-1);
  return acting === undefined && last !== undefined && 'signatures' in last;
}
