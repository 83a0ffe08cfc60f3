import type { DemoPerson } from '../../../src/protocol/care/DemoPerson.ts';
import { keepPerson, readPeople } from './people.ts';
import { openSession } from './openSession.ts';
import type { Place } from './Place.ts';
import type { Session } from './Session.ts';

/**
 * Opens the session of a demonstration's person, who knows the other people.
 *
 * @param place - The organisation's agent.
 * @param person - The person.
 * @param people - Everybody of the demonstration.
 * @param seed - The person's seed.
 * @throws MedsealError what `openSession` throws.
 */
export async function openDemoSession(
  place: Place,
  person: DemoPerson,
  people: readonly DemoPerson[],
  seed: Uint8Array,
): Promise<Session> {
  const session = await openSession(place, { seed, called: person.called });
  const { party } = session;
  const known = await readPeople(party);
  for (const { address, called, handle } of people) {
    if (address === party.address || known.some((each) => each.address === address)) continue;
    await keepPerson(party, { address, name: called, ...(handle && { handle }) });
  }
  return session;
}
