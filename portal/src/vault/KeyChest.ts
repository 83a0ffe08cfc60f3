import { openWithPassphrase, sealWithPassphrase } from '../../../src/client/index.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import type { Shelf } from './openShelf.ts';

/** A key that this browser keeps, sealed. */
export interface KeptKey {
  /** Address of the party's first key, which names it for ever. */
  readonly address: Address;
  /** Name that the person chose for it. */
  readonly called: string;
  /** Seed, sealed with the passphrase as an age file. */
  readonly sealed: Uint8Array;
}

const NAME = 'keys';

/** The keys that this browser keeps, each sealed with its person's passphrase. */
export class KeyChest {
  readonly #shelf: Shelf;

  /** @param shelf - Store of the sealed keys. */
  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /** Returns the keys, in the order in which they were added. */
  async list(): Promise<readonly KeptKey[]> {
    return ((await this.#shelf.read(NAME)) as readonly KeptKey[] | undefined) ?? [];
  }

  /**
   * Keeps a key, or seals a kept one with another passphrase.
   *
   * @param key - Address, name, and the seed of 32 bytes.
   * @param passphrase - At least ten characters.
   * @throws MedsealError `PASSPHRASE_WEAK`; DOMException of the browser if its storage is full.
   */
  async keep(
    { address, called, seed }: Pick<KeptKey, 'address' | 'called'> & { readonly seed: Uint8Array },
    passphrase: string,
  ): Promise<void> {
    const sealed = await sealWithPassphrase(passphrase, seed);
    const others = (await this.list()).filter((each) => each.address !== address);
    await this.#shelf.write(NAME, [...others, { address, called, sealed }]);
  }

  /**
   * Opens a kept key.
   *
   * @returns The seed.
   * @throws MedsealError `PASSPHRASE_WRONG`, `SEAL_UNREADABLE`.
   */
  async open({ sealed }: KeptKey, passphrase: string): Promise<Uint8Array> {
    return await openWithPassphrase(passphrase, sealed);
  }

  /** Removes a key from this browser. The words bring it back. */
  async forget(address: Address): Promise<void> {
    const others = (await this.list()).filter((each) => each.address !== address);
    await this.#shelf.write(NAME, others);
  }
}
