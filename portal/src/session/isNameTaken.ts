import type { Person } from './people.ts';

/**
 * Tells whether a name already means somebody else: two people of one name cannot be told apart in words that are signed.
 *
 * @param people - People whom the person knows.
 * @param wanted - Address and name of a person to keep.
 */
export function isNameTaken(
  people: readonly Person[],
  wanted: Pick<Person, 'address' | 'name'>,
): boolean {
  return people.some(
    ({ address, name }) => address !== wanted.address && plain(name) === plain(wanted.name),
  );
}

/** A name without what the eye passes over. */
function plain(name: string): string {
  return name
    .normalize('NFKC')
    .replaceAll(/[\s\p{Cf}]+/gu, '')
    .toLowerCase();
}
