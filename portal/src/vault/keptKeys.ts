import type { Address } from '../../../src/protocol/ids.ts';
import type { Shelf } from './openShelf.ts';
import type { Passkey } from './passkey.ts';

/** A key that this browser keeps, sealed. */
export interface KeptKey {
  /** Address of the party's first key, which names it for ever. */
  readonly address: Address;
  /** Name that the person chose for it. */
  readonly called: string;
  /** Address of the key itself, if it is not the party's first. */
  readonly signer?: Address;
  /** Seed, sealed with the passphrase as an age file. */
  readonly sealed: Uint8Array;
  /** Seed, sealed with a passkey of this device as well. */
  readonly passkey?: Passkey & { readonly sealed: Uint8Array };
  /** Seeds of former keys, each sealed with the seed of this one: they open what was sealed to them. */
  readonly former?: readonly Uint8Array[];
  /** The key that takes the place of this one, under the same passphrase, while a change of key is under way. */
  readonly next?: { readonly signer: Address; readonly sealed: Uint8Array };
  /** True if a change of key stands, but has not done all that follows from it. */
  readonly unfinished?: true;
}

/** Name on the shelf of the keys that this browser keeps. */
export const KEPT_KEYS = 'keys';

/**
 * Returns the keys that this browser keeps, in the order in which they were added. The page lists them before anybody enters, so
 * nothing that opens a seal is loaded for it.
 *
 * @param shelf - Store of the sealed keys.
 */
export async function keptKeys(shelf: Pick<Shelf, 'read'>): Promise<readonly KeptKey[]> {
  return ((await shelf.read(KEPT_KEYS)) as readonly KeptKey[] | undefined) ?? [];
}
