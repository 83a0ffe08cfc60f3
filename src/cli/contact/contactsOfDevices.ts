import {
  noteContacts,
  notedContacts,
  type NamedContact,
} from '../../client/letters/contactNotes.ts';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { contactCardOf, networkOnCard } from '../../client/party/confirmContact.ts';
import type { ContactCard } from '../../client/party/ContactCard.ts';
import type { Visitor } from '../home/openVisitor.ts';
import { readContacts, writeContacts } from './contacts.ts';

/**
 * Notes the contacts of this device for the visitor's other devices.
 *
 * @param visitor - The party at its device.
 */
export async function noteHomeContacts({ home, network, party }: Visitor): Promise<void> {
  const here = networkOnCard(network);
  const contacts = Object.entries(await readContacts(home)).filter(
    ([, card]) => card.network === here,
  );
  await noteContacts(
    party,
    contacts.map(([name, { party: address, handle, recipient }]): NamedContact => {
      return { party: address, name, ...(handle && { handle }), recipient };
    }),
  );
}

/**
 * Adds the contacts that came from the visitor's other devices. An alias or a party that is here stays as it is, so
 * that no name comes to mean somebody else.
 *
 * @param visitor - The party at its device.
 * @returns Aliases of the contacts that were added.
 */
export async function takeNotedContacts(visitor: Visitor): Promise<readonly string[]> {
  const { home } = visitor;
  const contacts = new Map(Object.entries(await readContacts(home)));
  const known = new Set([...contacts.values()].map(({ party }) => party));
  const added: string[] = [];
  for (const noted of await notedContacts(visitor.party)) {
    const alias = aliasOf(noted.name);
    if (alias === '' || contacts.has(alias) || known.has(noted.party)) continue;
    const card = await cardOf(visitor, noted);
    if (card === undefined) continue;
    contacts.set(alias, card);
    known.add(noted.party);
    added.push(alias);
  }
  if (added.length > 0) await writeContacts(home, Object.fromEntries(contacts));
  return added;
}

/** The card that the name was given to: keys that changed since are noticed. */
async function cardOf(
  { network, party }: Visitor,
  noted: NamedContact,
): Promise<ContactCard | undefined> {
  const { party: facts } = await confirmFacts(party, { party: noted.party });
  if (facts === undefined) return undefined;
  const card = contactCardOf(network, facts);
  return { ...card, ...(noted.recipient && { recipient: noted.recipient }) };
}

/** An alias that can be typed; empty if nothing of the name can be. */
function aliasOf(name: string): string {
  const typed = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return typed.replace(/^-/, '').slice(0, 32).replace(/-$/, '');
}
