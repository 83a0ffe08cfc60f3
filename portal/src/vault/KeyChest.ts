import { openWithPassphrase, sealWithPassphrase } from '../../../src/client/index.ts';
import type { Scrypt } from '../../../src/crypto/keys/Scrypt.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import type { Shelf } from './openShelf.ts';
import type { Passkey } from './passkey.ts';
import { openSeed, sealSeed } from './sealedSeed.ts';

/** A key that this browser keeps, sealed. */
export interface KeptKey {
  /** Address of the party's first key, which names it for ever. */
  readonly address: Address;
  /** Name that the person chose for it. */
  readonly called: string;
  /** Seed, sealed with the passphrase as an age file. */
  readonly sealed: Uint8Array;
  /** Seed, sealed with a passkey of this device as well. */
  readonly passkey?: Passkey & { readonly sealed: Uint8Array };
}

const NAME = 'keys';

/** The keys that this browser keeps, each sealed with its person's passphrase, and with a passkey if there is one. */
export class KeyChest {
  readonly #shelf: Pick<Shelf, 'read' | 'write'>;
  readonly #scrypt: { readonly scrypt?: Scrypt };

  /**
   * @param shelf - Store of the sealed keys.
   * @param scrypt - scrypt in another thread; in this one if absent.
   */
  constructor(shelf: Pick<Shelf, 'read' | 'write'>, scrypt?: Scrypt) {
    this.#shelf = shelf;
    this.#scrypt = scrypt === undefined ? {} : { scrypt };
  }

  /** Returns the keys, in the order in which they were added. */
  async list(): Promise<readonly KeptKey[]> {
    return ((await this.#shelf.read(NAME)) as readonly KeptKey[] | undefined) ?? [];
  }

  /**
   * Keeps a key, or seals a kept one with another passphrase; a passkey is added again after it.
   *
   * @param key - Address, name, and the seed of 32 bytes.
   * @param passphrase - At least ten characters.
   * @throws MedsealError `PASSPHRASE_WEAK`; `DEVICE_FULL` if the browser's storage is full: then all is as before.
   */
  async keep(
    { address, called, seed }: Pick<KeptKey, 'address' | 'called'> & { readonly seed: Uint8Array },
    passphrase: string,
  ): Promise<void> {
    const sealed = await sealWithPassphrase(passphrase, seed, this.#scrypt);
    await this.#put({ address, called, sealed });
  }

  /**
   * Opens a kept key.
   *
   * @returns The seed.
   * @throws MedsealError `PASSPHRASE_WRONG`, `SEAL_UNREADABLE`.
   */
  async open({ sealed }: KeptKey, passphrase: string): Promise<Uint8Array> {
    return await openWithPassphrase(passphrase, sealed, this.#scrypt);
  }

  /**
   * Seals a kept key with a passkey as well.
   *
   * @param address - The key.
   * @param seed - Its seed.
   * @param made - The passkey, and its secret, which is overwritten.
   * @throws MedsealError `NOT_FOUND` if this browser does not keep the key; `DEVICE_FULL`.
   */
  async addPasskey(
    address: Address,
    seed: Uint8Array,
    { passkey, secret }: { readonly passkey: Passkey; readonly secret: Uint8Array },
  ): Promise<void> {
    const sealed = await sealSeed(secret, address, seed);
    await this.#put({ ...(await this.#find(address)), passkey: { ...passkey, sealed } });
  }

  /**
   * Opens a kept key with its passkey.
   *
   * @param kept - The key.
   * @param ask - Asks the passkey for its secret.
   * @returns The seed.
   * @throws MedsealError `PASSKEY_REFUSED`; `SEAL_UNREADABLE` if another passkey answered.
   */
  async openWithPasskey(
    { address, passkey }: KeptKey,
    ask: (passkey: Passkey) => Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    if (passkey === undefined) throw new MedsealError('PASSKEY_REFUSED', {});
    return await openSeed(await ask(passkey), address, passkey.sealed);
  }

  /** Lets a kept key be opened with its passphrase only. */
  async removePasskey(address: Address): Promise<void> {
    const { passkey: _, ...kept } = await this.#find(address);
    await this.#put(kept);
  }

  /** Removes a key from this browser. The words bring it back. */
  async forget(address: Address): Promise<void> {
    const others = (await this.list()).filter((each) => each.address !== address);
    await this.#shelf.write(NAME, others);
  }

  async #find(address: Address): Promise<KeptKey> {
    const kept = (await this.list()).find((each) => each.address === address);
    if (kept === undefined) throw new MedsealError('NOT_FOUND', { what: 'key' });
    return kept;
  }

  async #put(kept: KeptKey): Promise<void> {
    const before = await this.list();
    const known = before.some(({ address }) => address === kept.address);
    const keys = before.map((each) => (each.address === kept.address ? kept : each));
    await this.#shelf.write(NAME, known ? keys : [...keys, kept]);
  }
}
