import type { Party } from '../../../src/client/index.ts';
import type { Address, Handle } from '../../../src/protocol/ids.ts';

/** Somebody whom a person knows by name. */
export interface Person {
  readonly address: Address;
  readonly name: string;
  /** Chart of a patient. */
  readonly handle?: Handle;
}

const NAME = 'contacts';

/** Returns the people whom the person knows on this device. */
export async function readPeople(party: Party): Promise<readonly Person[]> {
  return ((await party.device.read(NAME)) as readonly Person[] | undefined) ?? [];
}

/** Keeps somebody under a name; the newest name of an address counts. */
export async function keepPerson(party: Party, contact: Person): Promise<void> {
  const others = (await readPeople(party)).filter(({ address }) => address !== contact.address);
  await party.device.write(NAME, [...others, contact]);
}
