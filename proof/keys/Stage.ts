import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import type { KeysModel } from './KeysModel.ts';
import type { KeysNetwork } from './KeysNetwork.ts';
import type { NodesHeld } from './NodesHeld.ts';
import type { People } from './People.ts';

/** Everything that a sequence needs. */
export interface Stage {
  readonly at: KeysNetwork;
  readonly held: NodesHeld;
  readonly people: People;
  readonly model: KeysModel;
}

/** One of a list, by any number; undefined if the list is empty. */
export function pick<Item>(items: readonly Item[], number: number): Item | undefined {
  return items[number % items.length];
}

/** Makes the text of a new version of a record. */
export function newNote({ held }: Stage): Uint8Array {
  return utf8ToBytes(`note ${held.files.size}`);
}
