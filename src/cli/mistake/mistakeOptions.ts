import { count } from '../program/sharedOptions.ts';
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
