import { join } from 'node:path';
import { CONTACT_CARD, type ContactCard } from '../../client/party/ContactCard.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { MapOf, OneOf } from '../../protocol/wire/findShapeError.ts';
import { parseShape } from '../../protocol/wire/parseShape.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { readIfThere, type Home } from '../home/Home.ts';

/** Cards by the alias that the owner of the device gave them. */
export type Contacts = Readonly<Record<string, ContactCard>>;

const FILE = 'contacts.json';

const CONTACTS = {
  format: new OneOf('medseal-contacts/1'),
  contacts: new MapOf(/^[a-z0-9][a-z0-9-]{0,31}$/, CONTACT_CARD),
} as const;

/**
 * The contacts of a device.
 *
 * @param home - The device.
 * @throws MedsealError `FOLDER_FOREIGN` if the file that holds them is of another form.
 */
export async function readContacts(home: Home): Promise<Contacts> {
  const file = await readIfThere(join(home.path, FILE));
  if (file === undefined) return {};
  const { contacts } = parseShape(CONTACTS, file, FILE, () => {
    const what = `${FILE} is of another form`;
    return new MedsealError('FOLDER_FOREIGN', { path: home.path, what });
  });
  return contacts;
}

/** Keeps the contacts of a device, in place of those before. */
export async function writeContacts(home: Home, contacts: Contacts): Promise<void> {
  const file: Of<typeof CONTACTS> = { format: 'medseal-contacts/1', contacts };
  await writeJsonFile(await openFolder(home.path), FILE, file);
}
