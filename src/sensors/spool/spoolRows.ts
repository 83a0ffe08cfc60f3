import { rangeUnder } from '../../database/rangeUnder.ts';
import { sortable } from '../../database/sortable.ts';
import { ADDRESS, Either, MapOf, OneOf } from '../../protocol/wire/findShapeError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Of } from '../../protocol/struct/Of.ts';

/** A batch in the spool: how far it has come. Its message, and what was prepared of it, are rows of their own. */
export const SPOOLED = {
  device: ADDRESS,
  /** Length of its message in bytes. */
  size: 'count',
  /** `received`: it waits. `entered`: it is on a log. `refused`: it never will be. */
  state: new OneOf('received', 'entered', 'refused'),
  /** Unix seconds of the state. */
  at: 'count',
  /** When it was first known that the request of a waiting batch names another node's log, Unix seconds. */
  'movedAt?': 'count',
  'log?': 'text',
  'index?': 'count',
  'code?': 'text',
  'message?': 'text',
  'values?': new MapOf(/^[a-zA-Z]+$/, new Either('text', 'number')),
} as const;
export type SpooledRow = Of<typeof SPOOLED>;

/** Keys of all rows of batches that wait, in the order in which they came. */
export const WAITING_ROWS = rangeUnder('waiting/');
/** Keys of all rows of batches that ended, in the order in which they did. */
export const ENDED_ROWS = rangeUnder('ended/');

/** Key of the row that holds a batch's place in the order of arrival; its value is the digest. */
export function waitingKey(number: number): string {
  return `waiting/${sortable(number)}`;
}

/** Key of the row that tells when a batch ended, Unix seconds, so that it is forgotten in time. */
export function endedKey(at: number, digest: Bytes32): string {
  return `ended/${sortable(at)}/${digest}`;
}

/** Key of the row that says how far a batch has come. */
export function batchKey(digest: Bytes32): string {
  return `batch/${digest}`;
}

/** Key of the row with a batch's message. */
export function messageKey(digest: Bytes32): string {
  return `message/${digest}`;
}

/** Key of the row with the request that was prepared of a batch. */
export function preparedKey(digest: Bytes32): string {
  return `prepared/${digest}`;
}
