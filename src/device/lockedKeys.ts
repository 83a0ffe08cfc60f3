import { base64 } from '@scure/base';
import { hexToBytes } from '../crypto/bytes.ts';
import { addressOfSeed } from '../crypto/keys/addressOfSeed.ts';
import { openWithPassphrase, sealWithPassphrase } from '../crypto/keys/passphrase.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { nativeScrypt } from '../folder/nativeScrypt.ts';
import { keySignerOf, type KeyFile, type LockedKey } from './keystore.ts';

/**
 * Puts a seed under a passphrase.
 *
 * @param primitives - Hashes and the curve.
 * @param owner - Name of the key, and its owner; its address, if the seed is not that of the party's first key.
 * @param seed - 32 bytes: a new seed, or that of a phrase.
 * @param passphrase - At least ten characters.
 * @param options - Options of `sealWithPassphrase`.
 * @throws MedsealError `PASSPHRASE_WEAK`, `SEED_MALFORMED`.
 */
export async function lockKey(
  primitives: Primitives,
  owner: Pick<KeyFile, 'name' | 'role' | 'organisation'> & Partial<Pick<KeyFile, 'address'>>,
  seed: Uint8Array,
  passphrase: string,
  options?: Parameters<typeof sealWithPassphrase>[2],
): Promise<LockedKey> {
  const signer = addressOfSeed(primitives, seed);
  const { name, role, organisation, address = signer } = owner;
  const file = await sealWithPassphrase(passphrase, seed, { scrypt: nativeScrypt, ...options });
  const sealed = base64.encode(file);
  return {
    format: 'medseal-key/1',
    demo: false,
    name,
    ...(role && { role }),
    ...(organisation && { organisation }),
    address,
    ...(signer !== address && { signer }),
    sealed,
  };
}

/** Options of `unlockKey`. */
export interface UnlockOptions {
  readonly primitives: Primitives;
  /** Asks the owner; not called if the key needs no passphrase, or is unlocked already. */
  readonly askPassphrase: (key: LockedKey) => Promise<string>;
  /** Finds seeds of keys that are unlocked already: `unlockedIn(keystore)`. */
  readonly findUnlocked?: (key: LockedKey) => Promise<Uint8Array | undefined>;
}

/**
 * Returns the seed of a key file. A wrong passphrase is an error; it never gives another key.
 *
 * @param key - The key file.
 * @param options - Ways to get the passphrase or the seed.
 * @returns 32 bytes.
 * @throws MedsealError `PASSPHRASE_WRONG`; `KEYSTORE_INVALID` if the file was altered, or its address is not that of
 * its key.
 */
export async function unlockKey(key: KeyFile, options: UnlockOptions): Promise<Uint8Array> {
  const seed = key.demo
    ? hexToBytes(key.seed)
    : ((await options.findUnlocked?.(key)) ?? (await openLocked(key, options)));
  if (addressOfSeed(options.primitives, seed) !== keySignerOf(key)) throw invalid(key);
  return seed;
}

async function openLocked(key: LockedKey, { askPassphrase }: UnlockOptions): Promise<Uint8Array> {
  const sealed = base64.decode(key.sealed);
  try {
    return await openWithPassphrase(await askPassphrase(key), sealed, { scrypt: nativeScrypt });
  } catch (error) {
    throw isMedsealError(error, 'SEAL_UNREADABLE') ? invalid(key) : error;
  }
}

function invalid({ name }: KeyFile): MedsealError {
  return new MedsealError('KEYSTORE_INVALID', { path: name, reason: 'the key file was altered' });
}
