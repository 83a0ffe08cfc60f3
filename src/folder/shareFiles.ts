import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import { SecretBytes } from '../crypto/keys/SecretBytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { FOUNDING } from '../protocol/dealing/foundersRecipient.ts';
import { isOfShape } from '../protocol/wire/isOfShape.ts';
import type { Bytes32, Hex } from '../protocol/ids.ts';
import type { Files } from './Files.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';
import type { KeyGuard } from './keyGuard.ts';

const DEALING = /^dealing-[0-9a-f]{16}\.json$/;
const DEALT = /^share-[0-9a-f]{16}\.json$/;

/** An identity that a member's shares are sealed to, as its file holds it. */
const IDENTITY = { number: 'count', identity: /^AGE-SECRET-KEY-PQ-1[0-9A-Z]+$/ } as const;

/**
 * An organisation's shares of release keys, on disk: that of each key, and those that were dealt to it for a change that is not in
 * force. Each has a file named after its public key, so that a new one never takes the place of one in use.
 */
export interface ShareFiles {
  /**
   * Reads a share.
   * @param key - Its public key.
   * @returns 32 bytes, a scalar; undefined if it is not there.
   * @throws MedsealError `FOLDER_FOREIGN` if its file does not hold one.
   */
  read(key: Hex): Promise<Uint8Array | undefined>;
  /**
   * Writes a share, in a synced write.
   * @param key - Its public key.
   * @param share - 32 bytes, a scalar.
   * @param number - Number of the file that the change makes for which it was dealt; absent for one of a founding.
   */
  write(key: Hex, share: Uint8Array, number?: number): Promise<void>;
  /** Removes a share, durably. Safe to repeat. */
  remove(key: Hex): Promise<void>;
  /**
   * Removes the shares that were dealt for changes up to a number, durably, also for those that never came: as many of one dealing open
   * the key as well as those in use.
   * @param upTo - Number of the file in force.
   * @param present - Public keys of the shares in use.
   */
  removeDealt(upTo: number, present: ReadonlySet<Hex>): Promise<void>;
  /**
   * Returns the identity to which a change's shares are sealed for this organisation.
   * @param ceremony - Digest of the change.
   * @returns Undefined if it made none.
   * @throws MedsealError `FOLDER_FOREIGN` if the file is malformed.
   */
  identity(ceremony: Bytes32): Promise<string | undefined>;
  /**
   * Keeps such an identity, in a synced write.
   * @param ceremony - Digest of the change.
   * @param number - Number of the file that the change makes.
   * @param identity - `AGE-SECRET-KEY-PQ-1…`.
   */
  keepIdentity(ceremony: Bytes32, number: number, identity: string): Promise<void>;
  /** Removes the identities of changes up to a number, durably: once one is in force nobody deals to them any more. */
  removeIdentities(upTo: number): Promise<void>;
}

/** Returns the name of the file of a share with a public key. */
export function shareName(key: Hex): string {
  return `share-${bytesToHex(portablePrimitives.sha256(hexToBytes(key))).slice(2, 18)}.json`;
}

/** Tells whether a file of this name holds a share, or the identity that shares are sealed to. */
export function isShareFile(name: string): boolean {
  return DEALT.test(name) || DEALING.test(name);
}

/** Tells whether a file of this name holds the identity that is made before a network is founded. */
export function isFoundersIdentity(name: string): boolean {
  return name === dealingName(FOUNDING);
}

/**
 * Returns the files of an organisation's shares.
 *
 * @param files - The organisation's folder.
 * @param guard - Protection of keys on disk.
 */
export function shareFiles(files: Files, guard: KeyGuard): ShareFiles {
  return {
    async read(key) {
      const name = shareName(key);
      const held = await secretIn(name);
      if (held === undefined) return undefined;
      const { share } = (held ?? {}) as { readonly share?: unknown };
      if (typeof share !== 'string' || !/^0x[0-9a-f]{64}$/.test(share)) {
        throw foreign(`${name} does not hold a share`);
      }
      return SecretBytes.from(hexToBytes(share));
    },
    async write(key, share, number) {
      const held = { share: bytesToHex(share), ...(number !== undefined && { number }) };
      await writeJsonFile(files, shareName(key), await guard.wrap(held));
    },
    remove: async (key) => await remove([shareName(key)]),
    async removeDealt(upTo, present) {
      const inUse = new Set([...present].map(shareName));
      await remove(await namesUpTo(upTo, (name) => DEALT.test(name) && !inUse.has(name)));
    },
    async identity(ceremony) {
      const name = dealingName(ceremony);
      const held = await secretIn(name);
      if (held === undefined || isOfShape(IDENTITY, held)) return held?.identity;
      throw foreign(`${name} does not hold an identity`);
    },
    async keepIdentity(ceremony, number, identity) {
      await writeJsonFile(files, dealingName(ceremony), await guard.wrap({ number, identity }));
    },
    async removeIdentities(upTo) {
      await remove(await namesUpTo(upTo, (name) => DEALING.test(name)));
    },
  };

  /** Names of files that were made for changes up to a number. */
  async function namesUpTo(
    upTo: number,
    isMeant: (name: string) => boolean,
  ): Promise<readonly string[]> {
    const past: string[] = [];
    for (const name of await files.list('')) {
      if (!isMeant(name)) continue;
      const { number } = ((await secretIn(name)) ?? {}) as { readonly number?: unknown };
      if (typeof number === 'number' && number <= upTo) past.push(name);
    }
    return past;
  }

  async function secretIn(name: string): Promise<unknown> {
    const written = await readJsonFile(files, name);
    if (written === undefined) return undefined;
    return await guard.unwrap(written).catch((cause: unknown) => {
      throw foreign(`${name} cannot be decrypted with the key of this folder`, cause);
    });
  }

  async function remove(names: readonly string[]): Promise<void> {
    for (const name of names) await files.remove(name);
    if (names.length > 0) await files.syncFolder('');
  }

  function foreign(what: string, cause?: unknown): MedsealError {
    return new MedsealError('FOLDER_FOREIGN', { path: files.path, what }, { cause });
  }
}

function dealingName(ceremony: Bytes32): string {
  return `dealing-${ceremony.slice(2, 18)}.json`;
}
