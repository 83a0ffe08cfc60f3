import { InvalidArgumentError } from 'commander';
import { CATEGORIES } from '../../protocol/vocabulary.ts';
import { duration } from '../program/duration.ts';
import { codes, count, countOrNone, someOf } from '../program/sharedOptions.ts';
import { option } from '../program/VerbOption.ts';

/** The node's folder. */
export function data() {
  return option('--data <folder>', 'use this folder of the node')
    .env('MEDSEAL_DATA')
    .default('.medseal');
}

/** Options of verbs that take the node's folder alone. */
export const NODE = [data()];

/** Terms of a channel, as it is founded and as they are changed. */
export const CHANNEL_TERMS = [
  option('--faulty <count>', 'tolerate this many organisations that lie or fail').argParser(
    countOrNone,
  ),
  option('--writes <count>', 'set the quorum for a write').argParser(count),
  option('--views <count>', 'set the quorum for a view').argParser(count),
  option(
    '--categories <names>',
    'take records of these categories alone, separated by commas; all: no limit',
  ).argParser(someOf(CATEGORIES)),
  option(
    '--controlled-medicines <codes>',
    'have a second doctor sign for these medicines, each <system>|<code> or <system>|<beginning>*, separated by commas; none: no list',
  ).argParser(codes),
  option(
    '--copies <count>',
    'keep each sealed file at so many organisations, at least the quorum for a write; 0: all',
  ).argParser(countOrNone),
  option(
    '--daily-bytes <bytes>',
    'bytes of sealed files that a patient may add to a chart in a day; who treats may add 16 times as many; 0: 8 GiB',
  ).argParser(countOrNone),
  option(
    '--correction-days <count>',
    'have authors answer an objection to their record in so many days; 0: 30',
  ).argParser(countOrNone),
  option(
    '--retention-days <count>',
    'let nobody erase a category before so many days passed since another than the patient wrote in it; 0: no limit',
  ).argParser(countOrNone),
];

/** Terms that only the founder decides on. */
export const FOUNDING_TERMS = [
  ...CHANNEL_TERMS,
  option('--longest-right <time>', 'limit rights to this length (default: 10y)').argParser(
    duration,
  ),
  option(
    '--delay <time>',
    'announce changes of organisations and lost keys this long before they hold (default: 3d)',
  ).argParser(duration),
  option(
    '--claim-term <time>',
    'have claims decided, answered, disputed and judged in this time each, and hold payments for it (default: 30d)',
  ).argParser(duration),
  option(
    '--max-ledger-age <time>',
    'with validators: let nobody read by a right once the newest block is older than this (default: 3m)',
  ).argParser(duration),
  option('--channel <name>', 'with --on: name the channel').argParser(name),
  option(
    '--unguarded',
    'found it without a release key: anybody who kept keys and a file can read unseen',
  ),
];

/** Options of `medseal init`. */
export const INIT = [
  data(),
  option(
    '--organisations <names>',
    'found a network of these organisations, all in one process',
  ).argParser(names),
  option('--organisation <name>', 'create the node of this organisation').argParser(name),
  option('--url <url>', 'with --organisation: give the others this address of the node'),
  option('--proxy', 'with --url: a proxy in front of the node speaks TLS for it'),
  option(
    '--validator <host:port>',
    'with --url: run a validator of the ledger, and give the others this address of it',
  ),
  option('--engine <program>', 'use this engine of validators')
    .env('MEDSEAL_VALIDATOR_PROGRAM')
    .default('medseal-engine'),
  option('--exchange <folder>', 'exchange files in this folder (default: <data>/exchange)'),
  option('--found', 'found the network of all organisations whose identity files are there'),
  option(
    '--on <folder>',
    'with --organisation: make a further channel on the ledger of the network of this node’s folder, or of this network file',
  ),
  option('--plain-keys', 'store the keys without a passphrase, in files of mode 0600'),
  // For `npm run consortium -- --demo` alone: the nodes of a demonstration give keys of people away.
  option('--demo', 'make the node of a demonstration, whose keys are public').hideHelp(),
  ...FOUNDING_TERMS,
];

const NAME = /^[a-z0-9-]{1,31}$/;

function name(text: string): string {
  if (NAME.test(text)) return text;
  throw new InvalidArgumentError('It must have 1 to 31 characters of a-z, 0-9 and -.');
}

function names(text: string): readonly string[] {
  return text.split(',').map((each) => name(each.trim()));
}
