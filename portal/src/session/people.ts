import {
  checkInbox,
  noteContacts,
  notedContacts,
  type InboxNews,
  type Party,
} from '../../../src/client/index.ts';
import { aloneOn } from '../../../src/client/party/aloneOn.ts';
import type { Address, Handle } from '../../../src/protocol/ids.ts';

/** Somebody whom a person knows by name. */
export interface Person {
  readonly address: Address;
  readonly name: string;
  /** Chart of a patient. */
  readonly handle?: Handle;
}

const NAME = 'contacts';

/** Returns the people whom the person knows on this device, and those that other devices of the person told of. */
export async function readPeople(party: Party): Promise<readonly Person[]> {
  const own = await peopleHere(party);
  const noted = await notedContacts(party);
  const others = noted.filter((each) => own.every(({ address }) => address !== each.party));
  return [...own, ...others.map(({ party: address, ...rest }) => ({ address, ...rest }))];
}

/** Keeps somebody under a name; the newest name of an address counts. */
export async function keepPerson(party: Party, person: Person): Promise<void> {
  await aloneOn(party.device, async () => {
    const others = (await peopleHere(party)).filter(({ address }) => address !== person.address);
    await party.device.write(NAME, [...others, person]);
  });
}

/**
 * Takes what waits for the person, and lets the person's other devices know the people of this one.
 *
 * @param party - The person.
 * @throws MedsealError what `checkInbox` throws.
 */
export async function collectNews(party: Party): Promise<InboxNews> {
  const people = await readPeople(party);
  await noteContacts(
    party,
    people.map(({ address, ...rest }) => ({ party: address, ...rest })),
  );
  return await checkInbox(party);
}

/**
 * Returns the people whom the person knows on this device, without asking for others.
 *
 * @param party - The device.
 */
export async function peopleHere(party: Pick<Party, 'device'>): Promise<readonly Person[]> {
  return ((await party.device.read(NAME)) as readonly Person[] | undefined) ?? [];
}
