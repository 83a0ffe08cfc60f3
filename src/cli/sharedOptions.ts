import { InvalidArgumentError, Option } from 'commander';
import { collects } from './oncePerOption.ts';

/** Options of `visitor`. */
export interface VisitorOptions extends HomeOptions {
  readonly as?: string;
  readonly url?: readonly string[];
  readonly passphraseFile?: string;
}

/** Which device. */
export interface HomeOptions {
  readonly home?: string;
  readonly network?: string;
}

/** The device's folder. */
export function home(): Option {
  return new Option('--home <folder>', 'the device (default: $MEDSEAL_HOME, else ~/.medseal)');
}

/** The network file, if it is not the device's. */
export function networkOption(): Option {
  return new Option('--network <file>', 'the pinned network file (default: the device’s)');
}

/** Where the nodes are, if not where the device knows; `nodesAt` takes it. */
export function url(): Option {
  const about = 'address of the nodes, or <organisation>=<url> of one; repeatable';
  return new Option('--url <url>', `${about} (default: the device’s)`).argParser(collect);
}

/** Which of the device's keys. */
export function as(): Option {
  return new Option('--as <name>', 'the key that signs (default: the only one)');
}

/** Where the passphrase is read from, if nobody sits at a terminal. */
export function passphraseFile(): Option {
  return new Option('--passphrase-file <file>', 'read the passphrase from this file').env(
    'MEDSEAL_PASSPHRASE_FILE',
  );
}

/** That what is signed was confirmed. */
export function yes(): Option {
  return new Option('-y, --yes', 'sign what is shown without asking');
}

const WAITS = ['ack', 'receipt'] as const;

/** What a verb that submits waits for: the acknowledgement alone, or the receipt too. */
export type Wait = (typeof WAITS)[number];

/** What a verb that submits waits for; `awaitEvidence` does it. */
export function wait(): Option {
  return new Option('--wait <what>', 'be done when it is acknowledged, or when its receipt holds')
    .choices(WAITS)
    .default('ack' satisfies Wait);
}

/** What every verb takes that acts for a party at a node. */
export function visitor(): readonly Option[] {
  return [home(), as(), url(), networkOption(), passphraseFile()];
}

/**
 * Takes one of a closed list from the command line.
 *
 * @param values - The list.
 */
export function oneOf<Value extends string>(values: readonly Value[]): (text: string) => Value {
  return (text) => {
    const value = values.find((each) => each === text);
    if (value === undefined) throw new InvalidArgumentError(`It is one of: ${values.join(', ')}.`);
    return value;
  };
}

/**
 * Takes several of a closed list, with commas between them; given again, it takes those as well.
 *
 * @param values - The list.
 * @param all - What `all` stands for.
 */
export function someOf<Value extends string>(
  values: readonly Value[],
  all: readonly Value[] = values,
): (text: string, before?: readonly Value[]) => readonly Value[] {
  return collects((text, before = []) => {
    const one = oneOf(values);
    const named = text.split(',').map((each) => each.trim());
    return [
      ...new Set([...before, ...named.flatMap((name) => (name === 'all' ? all : one(name)))]),
    ];
  });
}

/** Takes a whole number from 1 on. */
export function count(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
}

/** Takes a whole number, which may be 0. */
export function countOrNone(text: string): number {
  return text === '0' ? 0 : count(text);
}

/** Takes the whole id of a record. */
export function recordId(text: string): string {
  if (/^0x[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 0x and 64 hexadecimal digits.');
}

/** Takes a port number. */
export function port(text: string): number {
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('It must be a number from 0 to 65535.');
}

/** Takes an option that can be given more than once. */
export const collect = collects(
  (value: string, before: readonly string[] = []): readonly string[] => [...before, value],
);
