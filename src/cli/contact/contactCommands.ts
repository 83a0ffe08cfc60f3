import type { Command } from 'commander';
import { home, network } from '../sharedOptions.ts';
import { addNoun, addVerb } from '../verb.ts';

/**
 * Adds the commands for the contacts of a device.
 *
 * @param program - The command line.
 */
export function addContactCommands(program: Command): void {
  const contact = addNoun(program, 'contact', 'give the cards of others an alias on this device');
  addVerb(contact, {
    name: 'add <alias> <card>',
    about: 'give a card an alias, which every other command then takes',
    args: {
      alias: 'such as dr-house',
      card: 'the card, or a file that holds it; -: standard input',
    },
    shared: [home(), network()],
    notes: 'The card is compared with the Registry each time before anything is sealed by it.',
    examples: ['contact add dr-house medseal1q9…', 'contact add anna anna.card.json'],
    load: async () => (await import('./changeContacts.ts')).addContact,
  });
  addVerb(contact, {
    name: 'list',
    about: 'list the contacts of this device',
    shared: [home()],
    examples: ['contact list'],
    load: async () => (await import('./changeContacts.ts')).listContacts,
  });
  addVerb(contact, {
    name: 'remove <alias>',
    about: 'forget a contact',
    args: { alias: 'which' },
    shared: [home()],
    examples: ['contact remove dr-house'],
    load: async () => (await import('./changeContacts.ts')).removeContact,
  });
}
