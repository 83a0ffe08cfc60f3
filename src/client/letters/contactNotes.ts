import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ADDRESS, BYTES32 } from '../../protocol/wire/findShapeError.ts';
import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import { shapeOfType } from '../../protocol/shapes/shapeOfType.ts';
import { DeviceBook, openLast } from '../party/DeviceBook.ts';
import type { Party } from '../party/Party.ts';
import { CONTACT_NOTE, type ContactNote } from './DeviceNote.ts';

/** Somebody whom a party knows by a name. */
export interface NamedContact {
  readonly party: Address;
  readonly name: string;
  /** Chart of a patient. */
  readonly handle?: Handle;
  /** SHA-256 of the recipient that the name was given to. */
  readonly recipient?: Bytes32;
}

/** Contacts of a device that are noted, most. */
const MOST = 10_000;
const keyOf = ({ party }: Pick<NamedContact, 'party'>): string => party;
/** Notes of this device. */
const NOTES = new DeviceBook({
  name: 'contact-notes',
  shape: CONTACT_NOTE,
  keyOf,
  most: MOST,
  within: openLast(({ removed }) => removed !== true),
});
/** The contacts that it had when they were last compared. */
const LAST = new DeviceBook({
  name: 'contacts-noted',
  shape: shapeOfType<NamedContact>('NamedContact')({
    party: ADDRESS,
    name: 'text',
    'handle?': BYTES32,
    'recipient?': BYTES32,
  }),
  keyOf,
  most: MOST,
});

/**
 * Notes the contacts of a device for the party's other devices, which `checkInbox` tells. Contacts that the device had
 * before and has no more are forgotten on those that do not have them yet.
 *
 * @param party - The party.
 * @param contacts - All contacts of the device.
 * @example
 * ```ts
 * const { party, recipient } = parseContactCard(prompt('Paste the card') ?? '');
 * await noteContacts(doctor, [{ party, recipient, name: 'anna' }]);
 * await checkInbox(doctor);
 * for (const { name } of await notedContacts(doctor)) console.log(name);
 * ```
 */
export async function noteContacts(party: Party, contacts: readonly NamedContact[]): Promise<void> {
  const before = await LAST.read(party);
  const last = new Map(before.map((contact) => [contact.party, canonicalJson(contact)]));
  const listed = contacts.map(({ party: address, name, handle, recipient }) => {
    return { party: address, name, ...(handle && { handle }), ...(recipient && { recipient }) };
  });
  const here = new Set(listed.map(keyOf));
  const forgotten = [...last.keys()].filter((address) => !here.has(address));
  await NOTES.change(party, async ({ entries, put }) => {
    const notes = new Map(entries.map((note) => [note.party, note]));
    const named = listed.flatMap((contact): readonly ContactNote[] => {
      const known = notes.get(contact.party);
      // Another device named or forgot it since: only a change on this device counts for more.
      const isChanged = last.get(contact.party) !== canonicalJson(contact);
      const isNew = known === undefined || (isChanged && !isSame(known, contact));
      return isNew ? [{ kind: 'contact', ...contact, at: after(party, known) }] : [];
    });
    const removed = forgotten.flatMap((address): readonly ContactNote[] => {
      const known = notes.get(address);
      if (known === undefined || known.removed === true) return [];
      return [{ ...known, removed: true, at: after(party, known) }];
    });
    await put(...named, ...removed);
  });
  // Last of all: what a crash leaves out is compared again.
  await LAST.change(party, async ({ remove, put }) => {
    await remove(forgotten);
    await put(...listed.filter((each) => last.get(each.party) !== canonicalJson(each)));
  });
}

/**
 * Returns the contacts of the party's devices, as far as this one knows.
 *
 * @param party - The party.
 * @example
 * ```ts
 * await checkInbox(doctor);
 * for (const { name, party } of await notedContacts(doctor)) console.log(`${name} is ${party}`);
 * ```
 */
export async function notedContacts(party: Party): Promise<readonly NamedContact[]> {
  const live = (await readContactNotes(party)).filter(({ removed }) => removed !== true);
  return live.map(({ party: address, name, handle, recipient }) => {
    return { party: address, name, ...(handle && { handle }), ...(recipient && { recipient }) };
  });
}

/** Reads the notes of this device about contacts. */
export async function readContactNotes(party: Party): Promise<readonly ContactNote[]> {
  return await NOTES.read(party);
}

/** Merges notes of another device into those of this one: of two about a contact, the later counts. */
export async function mergeContactNotes(
  party: Party,
  notes: readonly ContactNote[],
): Promise<void> {
  if (notes.length === 0) return;
  await NOTES.change(party, async ({ entries, put }) => {
    const known = new Map(entries.map((note) => [note.party, note]));
    const later = new Map<Address, ContactNote>();
    for (const note of notes) {
      const before = later.get(note.party) ?? known.get(note.party);
      if (before === undefined || isLater(note, before)) later.set(note.party, note);
    }
    await put(...later.values());
  });
}

/** Two devices may have noted something in the same second: both have to come to the same end. */
function isLater(note: ContactNote, before: ContactNote): boolean {
  return (
    note.at > before.at || (note.at === before.at && canonicalJson(note) > canonicalJson(before))
  );
}

function isSame(note: ContactNote, contact: NamedContact): boolean {
  return canonicalJson(note) === canonicalJson({ kind: 'contact', ...contact, at: note.at });
}

function after(party: Party, before: ContactNote | undefined): number {
  return Math.max(seconds(party.clock), (before?.at ?? 0) + 1);
}
