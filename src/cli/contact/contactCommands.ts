import type { Command } from 'commander';
import { home, networkOption, visitor, yes } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { CONTACT_ACCEPT } from './contactOptions.ts';

/**
 * Adds the commands for the contacts of a device.
 *
 * @param program - The command line.
 */
export function addContactCommands(program: Command): void {
  const contact = addNoun(program, 'contact', 'give the cards of others an alias on this device');
  addVerb(contact, {
    name: 'add <alias> <card>',
    about: 'give a card an alias, which all other commands then accept',
    args: {
      alias: 'such as dr-house',
      card: 'the card, or a file that holds it; -: standard input',
    },
    shared: [home(), networkOption()],
    notes: 'Each time before anything is sealed to a card, it is compared with the Registry.',
    examples: ['contact add dr-house medseal1q9…', 'contact add anna anna.card.json'],
    interrupted: 'The alias may be added. Run it again: that is safe.',
    gives: async () => (await import('./contactAnswers.ts')).CONTACT,
    load: async () => (await import('./changeContacts.ts')).addContact,
  });
  addVerb(contact, {
    name: 'list',
    about: 'list the contacts of this device',
    shared: [home()],
    examples: ['contact list'],
    gives: async () => (await import('./contactAnswers.ts')).CONTACTS_LISTED,
    load: async () => (await import('./changeContacts.ts')).listContacts,
  });
  addVerb(contact, {
    name: 'changed',
    about: 'list readers of your records whose keys have changed',
    shared: visitor(),
    notes: 'Nothing is sealed to changed keys until you accept them: see "contact accept".',
    examples: ['contact changed'],
    gives: async () => (await import('./contactAnswers.ts')).CONTACTS_CHANGED,
    load: async () => (await import('./acceptContact.ts')).listChanged,
  });
  addVerb(contact, {
    name: 'accept <who>',
    about: 'accept the changed keys of someone who may read your records',
    args: { who: 'a contact, key, card, file or address' },
    options: CONTACT_ACCEPT,
    shared: [...visitor(), yes()],
    notes: `Someone’s keys change when they get a new device. Compare the fingerprint by voice, on paper or face to face. If
the old device may be in other hands, revoke the right and give it again.`,
    examples: ['contact accept dr-house', 'contact accept dr-house --fingerprint 0x3fa8… --yes'],
    interrupted: 'The new keys may be accepted. Run it again: that is safe.',
    gives: async () => (await import('./contactAnswers.ts')).CONTACT_ACCEPTED,
    load: async () => (await import('./acceptContact.ts')).acceptChanged,
  });
  addVerb(contact, {
    name: 'remove <alias>',
    about: 'forget a contact',
    args: { alias: 'the contact’s alias' },
    shared: [home()],
    examples: ['contact remove dr-house'],
    interrupted: 'The contact may be removed. Run it again: that is safe.',
    gives: async () => (await import('./contactAnswers.ts')).CONTACT_REMOVED,
    load: async () => (await import('./changeContacts.ts')).removeContact,
  });
}
