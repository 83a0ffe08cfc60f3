import { base64 } from '@scure/base';
import type { Party } from '../client/party/Party.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import { PartyKeys } from '../crypto/keys/PartyKeys.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { PayloadCipher } from '../crypto/sealing/PayloadCipher.ts';
import { openBytes } from '../crypto/sealing/openBytes.ts';
import { sealBytes } from '../crypto/sealing/sealBytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { KeyFile } from './keystore.ts';
import { addressOfSeed } from '../crypto/keys/addressOfSeed.ts';
import { lockKey } from './lockedKeys.ts';

/**
 * A key file during a change of key: the seed of the next key lies beside the present one, under the same passphrase,
 * before anything is signed, and takes its place once the change stands. Each step is one atomic write.
 */

/**
 * Returns a key file with a next key beside the present one.
 *
 * @param primitives - Hashes and the curve.
 * @param key - The key file.
 * @param seed - 32 new random bytes.
 * @param passphrase - That of the key; a demonstration's has none.
 * @param options - Options of `sealWithPassphrase`.
 */
export async function withNextKey(
  primitives: Primitives,
  key: KeyFile,
  seed: Uint8Array,
  passphrase: string,
  options?: Parameters<typeof lockKey>[4],
): Promise<KeyFile> {
  const signer = addressOfSeed(primitives, seed);
  if (key.demo) return { ...key, next: { signer, seed: bytesToHex(seed) } };
  const { sealed } = await lockKey(primitives, key, seed, passphrase, options);
  return { ...key, next: { signer, sealed } };
}

/**
 * Returns the next key of a key file as a key file of its own, for `unlockKey`.
 *
 * @param key - The key file.
 * @returns Undefined if no change of the key was begun.
 */
export function nextKeyOf({
  keyChanges: _of,
  former: _sealed,
  ...key
}: KeyFile): KeyFile | undefined {
  if (key.demo) {
    const { next, ...present } = key;
    return next && { ...present, ...next };
  }
  const { next, ...present } = key;
  return next && { ...present, ...next };
}

/**
 * Returns a key file whose next key has taken the place of the present one.
 *
 * @param key - The key file.
 * @param party - The party with its new key, as `changeKey` gives it.
 * @throws MedsealError `KEYSTORE_INVALID` if it has no next key.
 */
export async function withKeyChanged(
  key: KeyFile,
  { recipient, cipher, keyChanges, formerKeys = [] }: Party,
): Promise<KeyFile> {
  const next = nextKeyOf(key);
  if (next === undefined) {
    throw new MedsealError('KEYSTORE_INVALID', { path: key.name, reason: 'it has no next key' });
  }
  const options = { ...(cipher && { cipher }) };
  const former: string[] = [];
  for (const each of formerKeys) {
    former.push(base64.encode(await sealBytes([recipient], each.seed(), options)));
  }
  return { ...next, ...(keyChanges && { keyChanges }), former };
}

/**
 * Opens the seeds of former keys in a key file.
 *
 * @param key - The key file.
 * @param seed - The seed of the key.
 * @param cipher - The payload cipher; the portable one if absent.
 * @throws MedsealError `KEYSTORE_INVALID` if the file was altered.
 */
export async function formerSeedsOf(
  { name, former = [] }: Pick<KeyFile, 'name' | 'former'>,
  seed: Uint8Array,
  cipher?: PayloadCipher,
): Promise<readonly Uint8Array[]> {
  if (former.length === 0) return [];
  const identity = new PartyKeys(seed).identity();
  const seeds: Uint8Array[] = [];
  const options = { ...(cipher && { cipher }) };
  try {
    for (const each of former) {
      seeds.push(await openBytes([identity], base64.decode(each), options));
    }
  } catch (cause) {
    const reason = 'the key file was altered';
    throw new MedsealError('KEYSTORE_INVALID', { path: name, reason }, { cause });
  }
  return seeds;
}
