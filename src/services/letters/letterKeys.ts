import { rangeUnder } from '../../database/rangeUnder.ts';
import type { Bytes32 } from '../../protocol/ids.ts';

type Range = ReturnType<typeof rangeUnder>;

/** A letter by its reader and its name. */
interface Waiting {
  readonly to: string;
  readonly id: string;
}

/** A letter by its sender as well. */
interface Sent extends Waiting {
  readonly from: string;
}

/** The key of a letter. */
export function letterKey({ to, id }: Waiting): string {
  return `letter/${to}/${id}`;
}

/** The key of the row that says until when a letter waits, by its reader. */
export function untilKey({ to, id }: Waiting): string {
  return `until/${to}/${id}`;
}

/** The key of the row that says the same by its sender. */
export function fromKey({ from, to, id }: Sent): string {
  return `from/${from}/${to}/${id}`;
}

/**
 * The key of the row that says until when a letter waits that tells its reader of a step; such a letter has no row by reader or
 * sender, so that it counts for no quota.
 */
export function stepKey({ to, step, id }: Waiting & { readonly step: string }): string {
  return `step/${to}/${step}/${id}`;
}

/** Reads the reader, the step and the name in such a key. */
export function readStepKey(
  key: string,
): Waiting & { readonly step: Bytes32; readonly id: Bytes32 } {
  const [, to = '', step = '', id = ''] = key.split('/');
  return { to, step: step as Bytes32, id: id as Bytes32 };
}

/** Range of all rows by step. */
export const BY_STEP: Range = rangeUnder('step/');

/** Range of the letters that tell a reader of a step: one at most. */
export function tellingOf(to: string, step: string): Range {
  return rangeUnder(`step/${to}/${step}/`);
}

/** Reads the sender, the reader and the name in a row's key by sender. */
export function readFromKey(key: string): Sent & { readonly id: Bytes32 } {
  const [, from = '', to = '', id = ''] = key.split('/');
  return { from, to, id: id as Bytes32 };
}

/** Range of all letters. */
export const LETTERS: Range = rangeUnder('letter/');

/** Range of all rows by sender. */
export const BY_SENDER: Range = rangeUnder('from/');

/** Range of the letters of a reader. */
export function lettersTo(to: string): Range {
  return rangeUnder(`letter/${to}/`);
}

/** Range of the rows by reader. */
export function waitingUntil(to: string): Range {
  return rangeUnder(`until/${to}/`);
}

/** Range of the rows by sender, to everybody or to one reader. */
export function sentBy(from: string, to?: string): Range {
  return rangeUnder(to === undefined ? `from/${from}/` : `from/${from}/${to}/`);
}
