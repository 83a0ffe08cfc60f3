import { ACTIONS, CATEGORIES, ORDINARY_CATEGORIES, PURPOSES } from '../../protocol/vocabulary.ts';
import { moment } from '../program/duration.ts';
import { oneOf, recordId, someOf } from '../program/sharedOptions.ts';
import { option } from '../program/VerbOption.ts';

const TERMS = [
  option(
    '-a, --action <names>',
    `allow these actions, separated by commas, or all: ${ACTIONS.join(', ')}`,
  )
    .argParser(someOf(ACTIONS))
    .default(['read'], 'read'),
  option('--purpose <code>', `limit the right to this purpose: ${PURPOSES.join(', ')}`)
    .argParser(oneOf(PURPOSES))
    .default('TREAT'),
  option('-u, --until <when>', 'end the right then: 12h, 30d, 2026-12-31, or a date and time')
    .argParser(moment)
    .default({ inSeconds: 30 * 86_400 }, '30d'),
];

const CATEGORY = option(
  '-c, --category <names>',
  `cover these categories, separated by commas: ${CATEGORIES.join(', ')}; all: all but sensitive`,
).argParser(someOf(CATEGORIES, ORDINARY_CATEGORIES));

/** Options of `medseal grant`. */
export const RIGHT_GRANT = [
  CATEGORY,
  option('-r, --record <id>', 'cover this record alone; the beginning of its id'),
  ...TERMS,
  option('--out <file>', 'also write the grant to this file, to hand it over yourself'),
];

/** Options of `medseal grants`. */
export const RIGHT_LIST = [option('-r, --record <id>', 'list only rights that cover this record')];

/** Options of `medseal request`. */
export const RIGHT_REQUEST = [
  CATEGORY,
  option('-r, --record <id>', 'ask for this record of the category alone; its whole id').argParser(
    recordId,
  ),
  ...TERMS,
];

/** Options of `medseal inbox`. */
export const INBOX_TAKE = [
  option('--file <file>', 'take the grant in this file; -: standard input'),
];

/** Options of `medseal approve`. */
export const RIGHT_APPROVE = [
  option('-u, --until <when>', 'end the right then (default: as requested)').argParser(moment),
];
