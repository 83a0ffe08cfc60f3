import { join } from 'node:path';
import type { ContactCard } from '../../client/ContactCard.ts';
import { writeJsonFile } from '../../node/jsonFiles.ts';
import { openFolder } from '../../vault/openFolder.ts';
import { readIfThere, type Home } from '../home/Home.ts';

/** Cards by the alias that the owner of the device gave them. */
export type Contacts = Readonly<Record<string, ContactCard>>;

const FILE = 'contacts.json';

interface ContactsFile {
  readonly format: 'medseal-contacts/1';
  readonly contacts: Contacts;
}

/**
 * The contacts of a device.
 *
 * @param home - The device.
 */
export async function readContacts(home: Home): Promise<Contacts> {
  const file = (await readIfThere(join(home.path, FILE))) as ContactsFile | undefined;
  return file?.contacts ?? {};
}

/** Keeps the contacts of a device, in place of those before. */
export async function writeContacts(home: Home, contacts: Contacts): Promise<void> {
  const file: ContactsFile = { format: 'medseal-contacts/1', contacts };
  await writeJsonFile(await openFolder(home.path), FILE, file);
}
