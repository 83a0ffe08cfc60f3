import type { Command } from 'commander';
import { visitor, yes } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { MANDATE_OFFER } from './mandateOptions.ts';

/**
 * Adds the commands about mandates: `mandate …`.
 *
 * @param program - The command line.
 */
export function addMandateCommands(program: Command): void {
  const mandate = addNoun(program, 'mandate', 'let another act for you, or act for a patient');
  addVerb(mandate, {
    name: 'offer <patient>',
    about: 'offer to act for a patient',
    args: { patient: 'a contact, card, file or handle' },
    options: MANDATE_OFFER,
    shared: [...visitor(), yes()],
    notes: `Nothing changes until the patient gives it. Then you act with --acting-for: you read the chart, and give and end
rights as the patient does. You write no records by it, and erase nothing. Audits name you.`,
    examples: ['mandate offer leo --reason "my son" --until 2y --audit --out offer.json'],
    interrupted: 'Nothing changed. Run it again.',
    gives: async () => (await import('./mandateAnswers.ts')).MANDATE_OFFERED,
    load: async () => (await import('./mandateVerbs.ts')).offerVerb,
  });
  addVerb(mandate, {
    name: 'give <offer>',
    about: 'let the party that made an offer act for you',
    args: { offer: 'the file of "mandate offer"' },
    shared: [...visitor(), yes()],
    notes: `Whoever acts for you can do what you do on your chart, and keeps what was opened. "mandate end" ends it at any
time; your keys turn then.`,
    examples: ['mandate give offer.json'],
    interrupted: 'It may have been given: "mandate list" tells.',
    gives: async () => (await import('./mandateAnswers.ts')).MANDATE_PLACED,
    load: async () => (await import('./mandateVerbs.ts')).giveVerb,
  });
  addVerb(mandate, {
    name: 'list',
    about: 'list who acts for you, or did',
    shared: visitor(),
    examples: ['mandate list', 'mandate list --acting-for leo'],
    gives: async () => (await import('./mandateAnswers.ts')).MANDATES_LISTED,
    load: async () => (await import('./mandateVerbs.ts')).listVerb,
  });
  addVerb(mandate, {
    name: 'end <mandate>',
    about: 'end a mandate on your chart',
    args: { mandate: 'the beginning of its id' },
    shared: [...visitor(), yes()],
    notes: `Whoever acted by it opens nothing that is sealed later, and keeps copies of what they opened before.`,
    examples: ['mandate end 0x9c41f0'],
    interrupted: 'It may have ended: "mandate list" tells. Run it again, so that your keys turn.',
    gives: async () => (await import('./mandateAnswers.ts')).MANDATE_PLACED,
    load: async () => (await import('./mandateVerbs.ts')).endVerb,
  });
  addVerb(mandate, {
    name: 'resign',
    about: 'act for a patient no longer',
    shared: [...visitor(), yes()],
    examples: ['mandate resign --acting-for leo'],
    interrupted: 'It may have ended. Run it again.',
    gives: async () => (await import('./mandateAnswers.ts')).MANDATE_PLACED,
    load: async () => (await import('./mandateVerbs.ts')).resignVerb,
  });
}
