import { confirmFacts, type Party } from '../../../src/client/index.ts';
import type { Organisation } from '../../../src/protocol/ids.ts';
import type { Role } from '../../../src/protocol/vocabulary.ts';
import { readPeople, type Person } from './people.ts';

/** Somebody whom a person knows, with the organisation that the quorum confirms. */
export interface PersonInRole extends Person {
  readonly organisation: Organisation;
}

/**
 * Returns the people whom a person knows and whom the organisations confirm in a role now.
 *
 * @param party - The person.
 * @param role - The role.
 * @throws MedsealError what `confirmFacts` throws.
 */
export async function peopleInRole(party: Party, role: Role): Promise<readonly PersonInRole[]> {
  const others = (await readPeople(party)).filter(({ handle, address }) => {
    return handle === undefined && address !== party.address;
  });
  const found = await Promise.all(
    others.map(async (person) => {
      const { party: facts } = await confirmFacts(party, { party: person.address });
      const isFit = facts?.role === role && !facts.suspended;
      return isFit ? [{ ...person, organisation: facts.organisation }] : [];
    }),
  );
  return found.flat();
}
