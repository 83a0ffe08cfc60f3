import {
  formatContactCard,
  parseContactCard,
  type ContactCard,
} from '../../client/party/ContactCard.ts';
import { networkOnCard } from '../../client/party/confirmContact.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findHome } from '../home/Home.ts';
import { readPiped } from '../program/readGiven.ts';
import { readPinnedNetwork } from '../home/readPinnedNetwork.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { readContacts, writeContacts } from './contacts.ts';
import { readCard } from './findContact.ts';
import { calledAs } from '../program/calledAs.ts';
import type { CONTACT, CONTACTS_LISTED, CONTACT_REMOVED } from './contactAnswers.ts';

/**
 * Gives a card an alias. Safe to repeat; another card takes an alias only once the first was removed.
 *
 * @throws MedsealError `CARD_INVALID`; `ARGUMENT_INVALID` for an alias that is not a name or is taken.
 */
export async function addContact(
  terminal: Terminal,
  name: string,
  given: string,
  options: HomeOptions,
): Promise<AnswerOf<typeof CONTACT>> {
  const home = findHome(options);
  const alias = name.toLowerCase();
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(alias)) {
    const reason = 'an alias is at most 32 letters, digits and hyphens';
    throw new MedsealError('ARGUMENT_INVALID', { argument: alias, reason });
  }
  const network = await readPinnedNetwork(options, home);
  const card =
    given === '-' ? parseContactCard(await readPiped(terminal.input)) : await readCard(given);
  if (card.network !== networkOnCard(network)) {
    throw new MedsealError('CARD_INVALID', { reason: 'the card belongs to another network' });
  }
  const contacts = await readContacts(home);
  const before = Object.hasOwn(contacts, alias) ? contacts[alias] : undefined;
  if (before !== undefined && formatContactCard(before) !== formatContactCard(card)) {
    const reason = 'the alias belongs to another card; remove that contact first';
    throw new MedsealError('ARGUMENT_INVALID', { argument: alias, reason });
  }
  await writeContacts(home, { ...contacts, [alias]: card });
  return { value: { alias, ...card }, lines: [`${alias} is ${card.party}${kindOf(card)}.`] };
}

/** Lists the contacts of the device. */
export async function listContacts(
  _terminal: Terminal,
  options: HomeOptions,
): Promise<AnswerOf<typeof CONTACTS_LISTED>> {
  const contacts = Object.entries(await readContacts(findHome(options)));
  return {
    value: { contacts: contacts.map(([alias, card]) => ({ alias, ...card })) },
    lines:
      contacts.length === 0
        ? [`There are no contacts yet. Next: ${calledAs('contact add <alias> <card>')}`]
        : table(
            ['alias', 'address', 'chart'],
            contacts.map(([alias, { party, handle }]) => [alias, party, handle ?? '–']),
            { drop: ['chart', 'address'] },
          ),
  };
}

/** Forgets a contact. Safe to repeat. */
export async function removeContact(
  _terminal: Terminal,
  name: string,
  options: HomeOptions,
): Promise<AnswerOf<typeof CONTACT_REMOVED>> {
  const home = findHome(options);
  const alias = name.toLowerCase();
  const contacts = await readContacts(home);
  const removed = Object.hasOwn(contacts, alias);
  const { [alias]: _, ...others } = contacts;
  if (removed) await writeContacts(home, others);
  const text = removed ? `The contact ${alias} was removed.` : `There is no contact ${alias}.`;
  return { value: { alias, removed }, lines: [text] };
}

function kindOf({ handle }: ContactCard): string {
  return handle === undefined ? '' : ', a patient';
}
