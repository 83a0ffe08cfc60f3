import { moment } from '../program/duration.ts';
import { count } from '../program/sharedOptions.ts';
import { CHART, WAITS } from '../record/recordOptions.ts';
import { option } from '../program/VerbOption.ts';

function words(about: string) {
  return option('-w, --words <text>', about).makeOptionMandatory();
}

/** Options of `medseal mistake report`. */
export const MISTAKE_REPORT = [
  words('say what is wrong, in 2,000 characters at most'),
  option(
    '--topic <topic>',
    'ask a question, or ask for a medicine again: nothing is wrong',
  ).choices(['question', 'renewal']),
  option('--record <id>', 'one record of an entry that opened several, or the beginning of its id'),
  option('--version <number>', 'report this version (default: the newest)').argParser(count),
];

/** Options of `medseal mistake answer`. */
export const MISTAKE_REPLY = [
  words('say why it is right, or what you did, in 2,000 characters at most'),
];

/** Options of `medseal mistake decide`. */
export const CORRECTION_DECIDED = [
  ...CHART,
  option('-w, --words <text>', 'say why you decline, in 2,000 characters at most'),
  option('--amended <version>', 'say that this version of the record amends it').argParser(count),
  ...WAITS,
];

/** Options of `medseal mistake dispute`. */
export const CORRECTION_DISPUTED = [
  words('say why you disagree with the answer, in 2,000 characters at most'),
  ...WAITS,
];

/** Options of `medseal mistake ask`. */
export const RIGHT_ASKED = [
  words('say why you need it, or what you want to know, in 2,000 characters at most'),
  option(
    '-u, --until <when>',
    'ask that your right ends only then: 12h, 30d, 2026-12-31, or a date and time',
  ).argParser(moment),
];

/** Options of `medseal mistake extend`. */
export const RIGHT_EXTEND = [
  option('-u, --until <when>', 'end the right then (default: as asked)').argParser(moment),
  option('-w, --words <text>', 'say something beside it, in 2,000 characters at most'),
];
