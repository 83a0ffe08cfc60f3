import { canonicalJson } from '../../protocol/canonicalJson.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import { aloneOn } from '../party/aloneOn.ts';
import type { Party } from '../party/Party.ts';
import type { ContactNote } from './DeviceNote.ts';

/** Notes of this device, and the contacts that it had when they were last compared. */
const [NOTES, LAST] = ['contact-notes', 'contacts-noted'];

/** Somebody whom a party knows by a name. */
export interface NamedContact {
  readonly party: Address;
  readonly name: string;
  /** Chart of a patient. */
  readonly handle?: Handle;
  /** SHA-256 of the recipient that the name was given to. */
  readonly recipient?: Bytes32;
}

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
  await aloneOn(party.device, async () => await noteAlone(party, contacts));
}

async function noteAlone(party: Party, contacts: readonly NamedContact[]): Promise<void> {
  const notes = new Map((await readContactNotes(party)).map((note) => [note.party, note]));
  const last = new Map(
    (((await party.device.read(LAST)) as readonly NamedContact[] | undefined) ?? []).map(
      (contact) => [contact.party, canonicalJson(contact)],
    ),
  );
  const listed = contacts.map(({ party: address, name, handle, recipient }) => {
    return { party: address, name, ...(handle && { handle }), ...(recipient && { recipient }) };
  });
  for (const contact of listed) {
    const before = notes.get(contact.party);
    // Another device named or forgot it since: only a change on this device counts for more.
    const isChanged = last.get(contact.party) !== canonicalJson(contact);
    if (before === undefined || (isChanged && !isSame(before, contact))) {
      notes.set(contact.party, { kind: 'contact', ...contact, at: after(party, before) });
    }
  }
  const here = new Set(listed.map((contact) => contact.party));
  for (const address of last.keys()) {
    const before = notes.get(address);
    if (here.has(address) || before === undefined || before.removed === true) continue;
    notes.set(address, { ...before, removed: true, at: after(party, before) });
  }
  await party.device.write(NOTES, [...notes.values()]);
  await party.device.write(LAST, listed);
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
  return ((await party.device.read(NOTES)) as readonly ContactNote[] | undefined) ?? [];
}

/** Merges notes of another device into those of this one: of two about a contact, the later counts. */
export async function mergeContactNotes(
  party: Party,
  notes: readonly ContactNote[],
): Promise<void> {
  if (notes.length === 0) return;
  await aloneOn(party.device, async () => {
    const merged = new Map<Address, ContactNote>();
    for (const note of [...(await readContactNotes(party)), ...notes]) {
      const before = merged.get(note.party);
      if (before === undefined || isLater(note, before)) merged.set(note.party, note);
    }
    await party.device.write(NOTES, [...merged.values()]);
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
