import { InvalidArgumentError } from 'commander';
import type { RecordId } from '../../protocol/ids.ts';
import { collects } from './oncePerOption.ts';
import { option } from './VerbOption.ts';

/** Options of `visitor`. */
export interface VisitorOptions extends HomeOptions {
  readonly as?: string;
  /** The patient that the visitor acts for. */
  readonly actingFor?: string;
  readonly url?: readonly string[];
  /** The organisation whose node is asked. */
  readonly node?: string;
  readonly passphraseFile?: string;
}

/** Choice of the device. */
export interface HomeOptions {
  readonly home?: string;
  readonly network?: string;
  /** The network file's successors, if the file was named. */
  readonly successors?: string;
}

/** The device's folder. */
export function home() {
  return option(
    '--home <folder>',
    'use the device in this folder (default: $MEDSEAL_HOME, else ~/.medseal)',
  );
}

/** The network file, if it is not the device's. */
export function networkOption() {
  return option('--network <file>', 'trust this network file (default: the device’s)');
}

/** The successors of the network file that was named. */
export function successorsOption() {
  return option('--successors <file>', 'follow these successors of the network file');
}

/** The nodes' addresses, if they are not those that the device knows; `nodesAt` takes them. */
export function url() {
  const about = 'call the nodes at this address, or one node, as <organisation>=<url>; repeatable';
  return option('--url <url>', `${about} (default: the device’s)`).argParser(collect);
}

/** The organisation whose node is asked, if it is not the party's own. */
export function nodeOption() {
  const other = 'the party’s own, or if it left or does not answer, another that the device knows';
  return option('--node <organisation>', `act at this organisation’s node (default: ${other})`);
}

/** Name of one of the device's keys. */
export function as() {
  return option('--as <name>', 'sign with this key (default: the only one)');
}

/** The patient that the visitor acts for by a mandate. */
export function actingFor() {
  return option('--acting-for <patient>', 'act for this patient, who gave you a mandate');
}

/** File with the passphrase, if nobody sits at a terminal. */
export function passphraseFile() {
  return option('--passphrase-file <file>', 'read the passphrase from this file').env(
    'MEDSEAL_PASSPHRASE_FILE',
  );
}

/** Consent to what is signed, given on the command line. */
export function yes() {
  return option('-y, --yes', 'sign what is shown without asking');
}

const WAITS = ['ack', 'receipt'] as const;

/** Evidence that a verb waits for after a submission: the acknowledgement alone, or the receipt too. */
export type Wait = (typeof WAITS)[number];

/** Evidence that a verb waits for after a submission; `awaitEvidence` does the waiting. */
export function wait() {
  return option('--wait <what>', 'wait for the acknowledgement alone, or for the receipt too')
    .choices(WAITS)
    .default('ack' satisfies Wait);
}

/** Options of every verb that acts for a party at a node. */
export function visitor() {
  return [home(), as(), actingFor(), url(), nodeOption(), networkOption(), passphraseFile()];
}

/**
 * Takes one of a closed list from the command line.
 *
 * @param values - The list.
 */
export function oneOf<Value extends string>(values: readonly Value[]): (text: string) => Value {
  return (text) => {
    const value = values.find((each) => each === text);
    if (value === undefined)
      throw new InvalidArgumentError(`It must be one of: ${values.join(', ')}.`);
    return value;
  };
}

/**
 * Takes several of a closed list, separated by commas; if the option is repeated, the values add up.
 *
 * @param values - The list.
 * @param all - Values that `all` stands for.
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

/**
 * Takes codes of medicines, separated by commas, or `none`; if the option is repeated, the values add up.
 */
export const codes = collects((text: string, before: readonly string[] = []) => {
  const named = text.split(',').map((each) => each.trim());
  return [...new Set([...before, ...named.filter((each) => each !== 'none')])];
});

/** Takes a whole number from 1 on. */
export function count(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number, 1 or more.');
}

/** Takes a number with or without a point. */
export function decimal(text: string): number {
  if (/^-?\d{1,9}(?:\.\d{1,9})?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number, such as 0.005.');
}

/** Takes a whole number, which may be 0. */
export function countOrNone(text: string): number {
  return text === '0' ? 0 : count(text);
}

/** Takes the whole id of a record. */
export function recordId(text: string): RecordId {
  const [, digits] = /^0x([0-9a-f]{64})$/.exec(text) ?? [];
  if (digits !== undefined) return `0x${digits}`;
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
