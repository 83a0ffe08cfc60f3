import { existsSync } from 'node:fs';
import { confirmContact } from '../../client/party/confirmContact.ts';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import {
  looksLikeContactCard,
  parseContactCard,
  type ContactCard,
} from '../../client/party/ContactCard.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { parseAddress } from '../../crypto/parseAddress.ts';
import type { PartyFacts } from '../../protocol/evidence/facts.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import type { Address, Handle } from '../../protocol/ids.ts';
import { short } from '../describeBody.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { Visitor } from '../home/openVisitor.ts';
import { readContacts } from './contacts.ts';

/** Someone whom a verb is about, as k coordinators confirm. */
export interface Contact {
  /** Name of the party for people: its alias, or the beginning of its address. */
  readonly name: string;
  readonly facts: PartyFacts;
}

/** A patient whose chart a verb is about. */
export interface PatientContact {
  readonly name: string;
  readonly handle: Handle;
  /** True if it is the visitor’s own chart. */
  readonly own: boolean;
}

/**
 * Finds a party by an alias, a key of this device, a card, a file with one, or an address, and confirms it.
 *
 * @param visitor - The visitor that asks.
 * @param who - As it was typed.
 * @throws MedsealError `ARGUMENT_INVALID` for anything else; `CARD_INVALID`, `PARTY_UNKNOWN`, `KEY_UNAUTHENTIC`.
 */
export async function findContact(visitor: Visitor, who: string): Promise<Contact> {
  const { party } = visitor;
  const found = await lookUp(visitor, who);
  if (typeof found === 'object') {
    const name = found.name ?? short(found.card.party);
    return { name, facts: await confirmContact(party, found.card) };
  }
  const { party: facts } = await confirmFacts(party, { party: found });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  return { name: (await namesOf(visitor)).get(found) ?? short(found), facts };
}

/**
 * Finds the patient whose chart is meant: the visitor's own if none is named.
 *
 * @param visitor - The visitor that asks.
 * @param who - As it was typed: as for `findContact`, or a handle.
 * @throws MedsealError `ARGUMENT_INVALID` if the named party has no chart, or, with nobody named, the visitor has none.
 */
export async function findPatient(
  visitor: Visitor,
  who: string | undefined,
): Promise<PatientContact> {
  if (who === undefined) {
    if (visitor.key.role !== 'patient') throw invalid('--patient', 'name the patient');
    const { handle } = await readPatientState(visitor.party);
    return { name: visitor.key.name, handle, own: true };
  }
  const handle = who.toLowerCase();
  if (isHandle(handle)) {
    return { name: (await namesOf(visitor)).get(handle) ?? short(handle), handle, own: false };
  }
  const { name, facts } = await findContact(visitor, who);
  if (facts.handle === undefined) throw invalid(who, 'this party is not a patient');
  return { name, handle: facts.handle, own: facts.party === visitor.party.address };
}

/** Names, for people, of the parties and patients that the device knows. */
export async function namesOf({ home, keys }: Visitor): Promise<ReadonlyMap<string, string>> {
  const contacts = Object.entries(await readContacts(home));
  return new Map([
    ...contacts.flatMap(([alias, { party, handle }]): [string, string][] => [
      [party, alias],
      ...(handle === undefined ? [] : [[handle, alias] as [string, string]]),
    ]),
    ...keys.map(({ address, name }): [string, string] => [address, name]),
  ]);
}

async function lookUp(
  { home, keys, party }: Visitor,
  typed: string,
): Promise<Address | { readonly card: ContactCard; readonly name?: string }> {
  const contacts = await readContacts(home);
  const name = typed.toLowerCase();
  const card = Object.hasOwn(contacts, name) ? contacts[name] : undefined;
  if (card !== undefined) return { card, name };
  const key = keys.find((each) => each.name.toLowerCase() === name);
  if (key !== undefined) return key.address;
  const address = parseAddress(party.primitives, typed);
  if (address !== undefined) return address;
  if (/^0x[0-9a-f]{40}$/i.test(typed)) {
    throw invalid(typed, 'its capitals do not fit its digits (EIP-55); look for a mistyped digit');
  }
  return { card: await readCard(typed) };
}

/**
 * Takes a card that was pasted, or one in a file.
 *
 * @param given - The card or the file’s name.
 * @throws MedsealError `ARGUMENT_INVALID` if it is neither; `CARD_INVALID`.
 */
export async function readCard(given: string): Promise<ContactCard> {
  if (looksLikeContactCard(given)) return parseContactCard(given);
  if (!existsSync(given)) {
    throw invalid(given === '' ? '""' : given, 'this is not a contact, key, card, file or address');
  }
  return parseContactCard(await readGivenText(given));
}

function isHandle(text: string): text is Handle {
  return BYTES32.test(text);
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
