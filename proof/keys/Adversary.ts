import { base64 } from '@scure/base';
import type { PatientState } from '../../src/client/state/PatientState.ts';
import { bytesToUtf8, hexToBytes } from '../../src/crypto/bytes.ts';
import { earlierIdentity, SPAN } from '../../src/crypto/keys/earlierIdentity.ts';
import { ownIdentity } from '../../src/crypto/keys/ownIdentity.ts';
import type { PartyKeys } from '../../src/crypto/keys/PartyKeys.ts';
import type { Opener } from '../../src/crypto/sealing/ageHeader.ts';
import { openBytes } from '../../src/crypto/sealing/openBytes.ts';
import { openFileKey } from '../../src/crypto/sealing/openFileKey.ts';
import type { PayloadCipher } from '../../src/crypto/sealing/PayloadCipher.ts';
import type { Keyring, Packet } from '../../src/protocol/rights/epochs.ts';
import type { Bytes32, Handle } from '../../src/protocol/ids.ts';
import type { NodesHeld } from './NodesHeld.ts';

/**
 * Somebody who has everything that nodes were ever given, and tries to open every file: a grantee with every own key, or a
 * thief of a patient's former seed.
 */
export class Adversary {
  readonly #cipher: PayloadCipher;
  /** The grantee's own, the former ones too. */
  readonly #own: string[] = [];
  /** Handles of patients whose packets each of them opens. */
  readonly #unsealed = new Map<string, Set<Handle>>();
  /** Number of sealed values that were tried with each of them. */
  readonly #tried = new Map<string, number>();
  /** Keys of epochs, with all that follow from them. */
  readonly #keys: string[] = [];
  readonly #known = new Set<string>();
  /** Those of them that are of categories, by epoch. */
  readonly #byEpoch = new Map<number, Set<string>>();
  /** Secrets of a patient's own. */
  readonly #secrets = new Set<string>();
  /** Keys of single files. */
  readonly #fileKeys = new Map<Bytes32, Uint8Array>();
  /** Files that open. */
  readonly #open = new Set<Bytes32>();
  /** Number of keys that each of the others was tried with. */
  readonly #shut = new Map<Bytes32, number>();

  /** @param cipher - The cipher that sealed everything. */
  constructor(cipher: PayloadCipher) {
    this.#cipher = cipher;
  }

  /** Gives the grantee this identity from now on, besides those before. */
  has(identity: string): void {
    this.#own.push(identity);
  }

  /** Gives the thief this seed of a patient, with all states that were ever sealed to it. */
  stole(keys: Pick<PartyKeys, 'identity'>): void {
    this.#own.push(keys.identity());
  }

  /**
   * Returns all of the patient's own identities that could follow from the thief's secrets and somebody's keys of an epoch.
   *
   * @param other - The other one; itself for what follows for the thief alone.
   * @param epoch - The epoch.
   */
  ownIdentitiesWith(other: Adversary, epoch: number): readonly string[] {
    const identities = [...(other.#byEpoch.get(epoch) ?? [])];
    return identities.flatMap((each) =>
      [...this.#secrets].map((secret) => ownIdentity(secret, each)),
    );
  }

  /**
   * Opens everything that can be opened.
   *
   * @param held - Everything that nodes were given.
   * @returns Hashes of files that are open.
   */
  async open(held: Pick<NodesHeld, 'files' | 'sealed'>): Promise<ReadonlySet<Bytes32>> {
    for (const identity of this.#own) {
      for (let at = this.#tried.get(identity) ?? 0; at < held.sealed.length; at++) {
        await this.#unseal(identity, held.sealed[at] ?? '');
      }
      this.#tried.set(identity, held.sealed.length);
    }
    for (const [hash, file] of held.files) {
      if (!this.#open.has(hash) && (await this.#opens(hash, file))) this.#open.add(hash);
    }
    return this.#open;
  }

  /** Returns the identities of all categories and epochs that it has got by what it opened. */
  identities(): readonly string[] {
    return this.#keys;
  }

  /** Tells whether the grantee's newest identity opens a packet of a patient. */
  hasOf(handle: Handle): boolean {
    return this.#unsealed.get(this.#own.at(-1) ?? '')?.has(handle) === true;
  }

  async #opens(hash: Bytes32, file: Uint8Array): Promise<boolean> {
    const fileKey = this.#fileKeys.get(hash);
    const fresh: Opener[] = this.#keys.slice(this.#shut.get(hash) ?? 0);
    this.#shut.set(hash, this.#keys.length);
    if (fileKey !== undefined) fresh.push({ fileKey });
    if (fresh.length === 0) return false;
    return await openFileKey(fresh, [file], { cipher: this.#cipher }).then(
      () => true,
      () => false,
    );
  }

  async #unseal(identity: string, sealed: string): Promise<void> {
    const options = { cipher: this.#cipher };
    const text = await openBytes([identity], base64.decode(sealed), options).catch(() => undefined);
    if (text === undefined) return;
    const opened = JSON.parse(bytesToUtf8(text)) as Packet | PatientState;
    if ('keyring' in opened) return this.#stolen(opened.keyring);
    const { handle, identities, files = {} } = opened;
    this.#unsealed.set(identity, (this.#unsealed.get(identity) ?? new Set()).add(handle));
    for (const [hash, key] of Object.entries(files)) {
      if (key === null) continue;
      this.#fileKeys.set(hash as Bytes32, hexToBytes(key));
      this.#shut.delete(hash as Bytes32);
    }
    for (const [epoch, keys] of Object.entries(identities)) {
      for (const key of Object.values(keys)) this.#follow(key, Number(epoch));
    }
  }

  /** Follows all keys of a state, also those of epochs that nobody prepared. */
  #stolen(keyring: Keyring): void {
    for (const [end, keys] of Object.entries(keyring.keys)) {
      for (const [name, key] of Object.entries(keys)) this.#follow(key, Number(end), name);
    }
  }

  /** Adds all that follows from the key of an epoch: those of the epochs before it in its span. */
  #follow(key: string, epoch: number, name = 'category'): void {
    let earlier = key;
    for (let at = epoch; at > Math.max(0, epoch - SPAN); at--) {
      if (this.#known.has(`${at} ${earlier}`)) return;
      this.#known.add(`${at} ${earlier}`);
      if (name === 'own') {
        this.#secrets.add(earlier);
      } else {
        this.#byEpoch.set(at, (this.#byEpoch.get(at) ?? new Set()).add(earlier));
        this.#keys.push(earlier);
      }
      earlier = earlierIdentity(earlier, 1);
    }
  }
}
