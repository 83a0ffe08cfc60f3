import {
  checkInbox,
  noteContacts,
  notedContacts,
  type InboxNews,
  type Party,
} from '../../../src/client/index.ts';
import { DeviceBook } from '../../../src/client/party/DeviceBook.ts';
import { ADDRESS, BYTES32 } from '../../../src/protocol/wire/findShapeError.ts';
import type { Address, Handle } from '../../../src/protocol/ids.ts';
import { shapeOfType } from '../../../src/protocol/shapes/shapeOfType.ts';
import { arrivalsOf } from './arrivalsOf.ts';

/** Somebody whom a person knows by name. */
export interface Person {
  readonly address: Address;
  readonly name: string;
  /** Chart of a patient. */
  readonly handle?: Handle;
}

const PEOPLE = new DeviceBook({
  name: 'contacts',
  shape: shapeOfType<Person>('Person')({ address: ADDRESS, name: 'text', 'handle?': BYTES32 }),
  keyOf: ({ address }) => address,
  most: 10_000,
});

/** Returns the people whom the person knows on this device, and those that other devices of the person told of. */
export async function readPeople(of: Party): Promise<readonly Person[]> {
  // Whoever acts for a patient knows their own people.
  const party = of.acting?.by ?? of;
  const own = await peopleHere(party);
  const noted = await notedContacts(party);
  const others = noted.filter((each) => own.every(({ address }) => address !== each.party));
  return [...own, ...others.map(({ party: address, ...rest }) => ({ address, ...rest }))];
}

/** Keeps somebody under a name; the newest name of an address counts. */
export async function keepPerson(party: Party, person: Person): Promise<void> {
  await PEOPLE.put(party.acting?.by ?? party, person);
}

/**
 * Takes what waits for the person, and lets the person's other devices know the people of this one.
 *
 * @param party - The person.
 * @param isAside - True if no screen shows what they bring.
 * @throws MedsealError what `checkInbox` throws.
 */
export async function collectNews(party: Party, isAside = false): Promise<InboxNews> {
  const people = await readPeople(party);
  await noteContacts(
    party,
    people.map(({ address, ...rest }) => ({ party: address, ...rest })),
  );
  const news = await checkInbox(party);
  arrivalsOf(party).tell(news, isAside);
  return news;
}

/**
 * Returns the people whom the person knows on this device, without asking for others.
 *
 * @param party - The device.
 */
export async function peopleHere(party: Pick<Party, 'device'>): Promise<readonly Person[]> {
  return await PEOPLE.read(party);
}
