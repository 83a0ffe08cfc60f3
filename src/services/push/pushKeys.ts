import { rangeUnder } from '../../database/rangeUnder.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';

/** A browser that is told of news: its party, and the SHA-256 of its address at a push service. */
export interface NamedPush {
  readonly party: Address;
  readonly endpoint: Bytes32;
}

/** The key of the row of a browser that is told of news. */
export function pushKey({ party, endpoint }: NamedPush): string {
  return `push/${party}/${endpoint}`;
}

/** Reads the party and the name in such a key. */
export function readPushKey(key: string): NamedPush {
  const [, party = '', endpoint = ''] = key.split('/');
  return { party: party as Address, endpoint: endpoint as Bytes32 };
}

/** Range of the rows of all browsers. */
export const PUSHES: ReturnType<typeof rangeUnder> = rangeUnder('push/');

/** Range of the rows of a party's browsers. */
export function pushesOf(party: Address): ReturnType<typeof rangeUnder> {
  return rangeUnder(`push/${party}/`);
}
