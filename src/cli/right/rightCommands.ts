import { Option, type Command } from 'commander';
import { ACTIONS, CATEGORIES, PURPOSES } from '../../protocol/vocabulary.ts';
import { moment } from '../duration.ts';
import { oneOf, someOf, visitor, yes } from '../sharedOptions.ts';
import { addVerb } from '../verb.ts';

/**
 * Adds the commands for rights: `grant`, `grants`, `revoke`, `inbox`.
 *
 * @param program - The command line.
 */
export function addRightCommands(program: Command): void {
  addVerb(program, {
    name: 'grant <who>',
    about: 'let someone read, add to or amend your chart, for a purpose, until a day',
    args: { who: 'a contact, card, file or address' },
    options: [
      new Option(
        '-c, --category <names>',
        `which, with commas, or all: ${CATEGORIES.join(', ')}`,
      ).argParser(someOf(CATEGORIES)),
      new Option('-r, --record <id>', 'one record alone, by the beginning of its id'),
      new Option('-a, --action <names>', `which, with commas, or all: ${ACTIONS.join(', ')}`)
        .argParser(someOf(ACTIONS))
        .default(['read'], 'read'),
      new Option('--purpose <code>', `what for: ${PURPOSES.join(', ')}`)
        .argParser(oneOf(PURPOSES))
        .default('TREAT'),
      new Option('-u, --until <when>', 'until when: 12h, 30d, 2026-12-31 or a date and time')
        .argParser(moment)
        .default({ inSeconds: 30 * 86_400 }, '30d'),
      new Option('--out <file>', 'also write the grant to this file, to hand it over yourself'),
    ],
    shared: [...visitor(), yes()],
    notes: `Give either --category or --record. A right ends by its date or by "medseal revoke"; what was read before
stays read.`,
    examples: [
      'grant dr-house --category laboratory,vitals --until 30d',
      'grant dr-house --category all --action read,add,amend --until 2026-12-31',
      'grant dr-house --record 0x3fa8 --until 2h --yes',
    ],
    load: async () => (await import('./grant.ts')).grant,
  });
  addVerb(program, {
    name: 'grants',
    about: 'list who can see what of your chart, for what, until when',
    options: [new Option('-r, --record <id>', 'only those that cover this record')],
    shared: visitor(),
    examples: ['grants', 'grants --record 0x3fa8'],
    load: async () => (await import('./listRights.ts')).listRights,
  });
  addVerb(program, {
    name: 'revoke <grant...>',
    about: 'end rights that you gave; the keys turn at once',
    args: { grant: 'the grant, or the beginning of its id; or a contact: all rights of theirs' },
    shared: [...visitor(), yes()],
    examples: ['revoke 0x9c41', 'revoke dr-house --yes'],
    load: async () => (await import('./revoke.ts')).revoke,
  });
  addVerb(program, {
    name: 'inbox',
    about: 'take rights that patients gave you',
    options: [new Option('--file <file>', 'a grant that was handed to you; -: standard input')],
    shared: visitor(),
    examples: ['inbox --file grant.json'],
    load: async () => (await import('./inbox.ts')).inbox,
  });
}
