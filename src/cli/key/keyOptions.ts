import { duration } from '../program/duration.ts';
import { CATEGORIES } from '../../protocol/vocabulary.ts';
import { someOf } from '../program/sharedOptions.ts';
import { option } from '../program/VerbOption.ts';

/** Options of `medseal key unlock`. */
export const KEY_UNLOCK = [
  option('--for <time>', 'unlock for this long, 24h at most')
    .argParser(duration)
    .default(900, '15m'),
];

/** Options of `medseal key passphrase`. */
export const KEY_PASSPHRASE = [
  option('--new-passphrase-file <file>', 'read the new passphrase from this file'),
];

/** Options of `medseal key restore`. */
export const KEY_RESTORE = [
  option('--phrase-file <file>', 'read the 24 words from this file; -: standard input'),
];

/** Options of `medseal key recover`. */
export const KEY_RECOVER = [
  option('--party <who>', 'the party whose key was lost: a card, file or address'),
  option('--out <file>', 'write the file for the authority here (default: <name>.recovery.json)'),
];

/** Options of `medseal key export`. */
export const KEY_EXPORT = [option('--out <file>', 'write to this file (default: <name>.key.json)')];

/** Options of `medseal key identities`. */
export const KEY_IDENTITIES = [
  option('-o, --out <file>', 'write to this file').makeOptionMandatory(),
  option(
    '-c, --category <names>',
    `only of these categories, separated by commas: ${CATEGORIES.join(', ')} (default: all)`,
  ).argParser(someOf(CATEGORIES)),
];

/** Options of `medseal key import`. */
export const KEY_IMPORT = [
  option('--name <name>', 'give it this name here (default: its old name)'),
];
