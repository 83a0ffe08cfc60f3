import { ACTIONS, CATEGORIES, ORDINARY_CATEGORIES, PURPOSES } from '../../protocol/vocabulary.ts';
import { duration, moment } from '../program/duration.ts';
import { collect, oneOf, someOf } from '../program/sharedOptions.ts';
import { option } from '../program/VerbOption.ts';

/** Options that describe a rule: those of `medseal rule add` and `rule preview`. */
export const RULE = [
  option('--deny', 'deny, instead of permit'),
  option(
    '-w, --who <contacts>',
    'it is about these contacts, separated by commas; repeatable (a denial without it: everybody)',
  ).argParser(collect),
  option(
    '-c, --category <names>',
    'it is about these categories, separated by commas; all: all but sensitive (a denial without it: every one)',
  ).argParser(someOf(CATEGORIES, ORDINARY_CATEGORIES)),
  option(
    '-a, --action <names>',
    `permit these actions, separated by commas, or all: ${ACTIONS.join(', ')} (default: read)`,
  ).argParser(someOf(ACTIONS)),
  option(
    '--purpose <code>',
    `permit for this purpose: ${PURPOSES.join(', ')} (default: TREAT)`,
  ).argParser(oneOf(PURPOSES)),
  option('--renew <time>', 'let each right last so long: 12h, 90d (default: 90d)').argParser(
    duration,
  ),
  option('-u, --until <when>', 'end the rule then (default: until further notice)').argParser(
    moment,
  ),
];
