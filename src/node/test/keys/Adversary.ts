import { base64 } from '@scure/base';
import { bytesToUtf8, hexToBytes } from '../../../crypto/bytes.ts';
import { earlierIdentity, SPAN } from '../../../crypto/keys/earlierIdentity.ts';
import type { Opener } from '../../../crypto/sealing/ageHeader.ts';
import { openBytes } from '../../../crypto/sealing/openBytes.ts';
import { openFileKey } from '../../../crypto/sealing/openFileKey.ts';
import type { PayloadCipher } from '../../../crypto/sealing/PayloadCipher.ts';
import type { Packet } from '../../../protocol/epochs.ts';
import type { Bytes32, Handle } from '../../../protocol/ids.ts';
import type { NodesHeld } from './NodesHeld.ts';

/** Grantee who has everything that nodes were ever given, and every own key, and tries to open every file. */
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

  /**
   * Opens everything that can be opened.
   *
   * @param held - Everything that nodes were given.
   * @returns Hashes of files that are open.
   */
  async open(held: NodesHeld): Promise<ReadonlySet<Bytes32>> {
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
    const { handle, identities, files = {} } = JSON.parse(bytesToUtf8(text)) as Packet;
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

  /** Adds all that follows from the key of an epoch: those of the epochs before it in its span. */
  #follow(key: string, epoch: number): void {
    for (let steps = 0; steps < Math.min(epoch, SPAN); steps++) {
      const earlier = earlierIdentity(key, steps);
      if (this.#known.has(earlier)) return;
      this.#known.add(earlier);
      this.#keys.push(earlier);
    }
  }
}
