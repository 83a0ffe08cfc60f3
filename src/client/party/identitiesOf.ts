import type { Party } from './Party.ts';

/**
 * Returns the age identities that open what is sealed to a party: that of its present key first, then those of former
 * keys that the device still has.
 *
 * @param party - The party.
 * @example
 * ```ts
 * const former = identitiesOf(doctor).slice(1);
 * console.log(`${former.length} former keys open what was sealed before`);
 * ```
 */
export function identitiesOf({
  keys,
  formerKeys = [],
}: Pick<Party, 'keys' | 'formerKeys'>): readonly string[] {
  return [keys, ...formerKeys].map((each) => each.identity());
}
