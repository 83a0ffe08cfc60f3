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
