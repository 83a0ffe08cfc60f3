import { openWithPassphrase, sealWithPassphrase } from '../../../src/client/index.ts';
import type { Scrypt } from '../../../src/crypto/keys/Scrypt.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import { KEPT_KEYS, keptKeys, type KeptKey } from './keptKeys.ts';
import type { Shelf } from './openShelf.ts';
import type { Passkey } from './passkey.ts';
import { openSeed, sealSeed } from './sealedSeed.ts';
import { sealFormer } from './sealFormer.ts';

/** A key to keep, with its seed of 32 bytes. */
export interface KeyToKeep extends Pick<KeptKey, 'address' | 'called' | 'signer' | 'unfinished'> {
  readonly seed: Uint8Array;
  /** Seeds of former keys. */
  readonly formerSeeds?: readonly Uint8Array[];
}

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
    return await keptKeys(this.#shelf);
  }

  /**
   * Returns a kept key.
   *
   * @throws MedsealError `NOT_FOUND` if this browser does not keep it.
   */
  async find(address: Address): Promise<KeptKey> {
    return foundIn(await this.list(), address);
  }

  /**
   * Keeps a key, in place of all that was kept of its party.
   *
   * @param key - Address, name, seed, and seeds of former keys.
   * @param passphrase - At least ten characters.
   * @throws MedsealError `PASSPHRASE_WEAK`; `DEVICE_FULL` if the browser's storage is full: then all is as before.
   */
  async keep({ seed, formerSeeds = [], ...key }: KeyToKeep, passphrase: string): Promise<void> {
    const sealed = await this.seal(seed, passphrase);
    const former = await sealFormer(key.address, seed, formerSeeds);
    await this.#write((before) => {
      const kept = { ...key, sealed, ...(former.length > 0 && { former }) };
      const known = before.some(({ address }) => address === key.address);
      const keys = before.map((each) => (each.address === key.address ? kept : each));
      return known ? keys : [...keys, kept];
    });
  }

  /**
   * Seals a seed with a passphrase.
   *
   * @throws MedsealError `PASSPHRASE_WEAK`.
   */
  async seal(seed: Uint8Array, passphrase: string): Promise<Uint8Array> {
    return await sealWithPassphrase(passphrase, seed, this.#scrypt);
  }

  /**
   * Opens a kept key, or the next one of a change of key.
   *
   * @returns The seed.
   * @throws MedsealError `PASSPHRASE_WRONG`, `SEAL_UNREADABLE`.
   */
  async open({ sealed }: Pick<KeptKey, 'sealed'>, passphrase: string): Promise<Uint8Array> {
    return await openWithPassphrase(passphrase, sealed, this.#scrypt);
  }

  /**
   * Changes a kept key in one write; the changes of all tabs of this page run one after another.
   *
   * @param address - The key.
   * @param change - Returns the key as it is kept from now on.
   * @throws MedsealError `NOT_FOUND` if this browser does not keep the key; `DEVICE_FULL`; what `change` throws. Then all
   * is as before.
   */
  async update(address: Address, change: (kept: KeptKey) => KeptKey): Promise<void> {
    await this.#write((before) => {
      const changed = change(foundIn(before, address));
      return before.map((each) => (each.address === address ? changed : each));
    });
  }

  /**
   * Seals a kept key with another passphrase. A passkey stays; the next key of a change is sealed again, too.
   *
   * @param address - The key.
   * @param before - The present passphrase.
   * @param after - The new one, of at least ten characters.
   * @throws MedsealError `PASSPHRASE_WRONG`, `PASSPHRASE_WEAK`, `NOT_FOUND`, `DEVICE_FULL`; `KEY_CHANGED` if another tab
   * changed the key meanwhile. Then all is as before.
   */
  async changePassphrase(address: Address, before: string, after: string): Promise<void> {
    const kept = await this.find(address);
    const again = async (each: Pick<KeptKey, 'sealed'>): Promise<Uint8Array> =>
      await this.seal(await this.open(each, before), after);
    const sealed = await again(kept);
    const next = kept.next && { ...kept.next, sealed: await again(kept.next) };
    await this.update(address, (now) => {
      const isSame = now.signer === kept.signer && now.next?.signer === kept.next?.signer;
      if (!isSame) throw new MedsealError('KEY_CHANGED', {});
      return { ...now, sealed, ...(next && { next }) };
    });
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
    await this.update(address, (kept) => ({ ...kept, passkey: { ...passkey, sealed } }));
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
    await this.update(address, (kept) => {
      const { passkey: _removed, ...rest } = kept;
      return rest;
    });
  }

  /** Removes a key from this browser. The words bring it back. */
  async forget(address: Address): Promise<void> {
    await this.#write((before) => before.filter((each) => each.address !== address));
  }

  /** Reads and writes with no other tab in between, which would lose what it wrote. */
  async #write(change: (before: readonly KeptKey[]) => readonly KeptKey[]): Promise<void> {
    await navigator.locks.request('medseal keys', async () => {
      await this.#shelf.write(KEPT_KEYS, change(await this.list()));
    });
  }
}

function foundIn(keys: readonly KeptKey[], address: Address): KeptKey {
  const kept = keys.find((each) => each.address === address);
  if (kept === undefined) throw new MedsealError('NOT_FOUND', { what: 'key' });
  return kept;
}
