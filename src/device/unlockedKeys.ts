import { MedsealError } from '../errors/MedsealError.ts';
import type { LockedKey } from './keystore.ts';
import { askHolder } from './askHolder.ts';
import { startHolder } from './startHolder.ts';

/**
 * Keys that stay unlocked for a while, so that nobody has to type a passphrase twice. A small process of the owner
 * holds the seed of one key in memory, and hands it out through a Unix socket of mode 0600 in that key's folder.
 * Nothing of the seed is on disk, in arguments or in the environment. The process ends at its time, by the wall clock;
 * on request; at SIGINT, SIGTERM and SIGHUP; and when its socket is replaced. Whoever can reach the socket gets the
 * seed: that is the owner, and root.
 *
 * A command that needs a key gives `findUnlocked` to `unlockKey`, which asks for the passphrase only if it finds
 * nothing:
 *
 * ```ts
 * const options = { primitives, askPassphrase, findUnlocked: unlockedIn(keystore) };
 * const seed = await unlockKey(key, options); // any command
 * const until = await keepUnlocked(keystore, key, seed, 15 * 60_000); // `key unlock --for 15m`, first or again
 * await unlockedUntil(keystore, key); // `key list`
 * await endUnlocked(keystore, key); // `key lock`
 * ```
 */

/** The longest time that a key stays unlocked, milliseconds: a day. */
export const LONGEST_UNLOCKED = 24 * 60 * 60 * 1000;

/**
 * Keeps a key unlocked for a while from now on. If it is unlocked already, only its time changes: the last call
 * decides.
 *
 * @param keystore - The folder that holds the key's folder.
 * @param key - The key.
 * @param seed - 32 bytes, as `unlockKey` gives them.
 * @param milliseconds - Time, from one second to a day.
 * @returns When it ends, milliseconds since 1970.
 * @throws MedsealError `UNLOCK_FAILED` for a time outside of that range, or if no process can be started or reached;
 * `KEYSTORE_INVALID` if others can reach the key's folder or socket.
 */
export async function keepUnlocked(
  keystore: string,
  key: LockedKey,
  seed: Uint8Array,
  milliseconds: number,
): Promise<number> {
  if (!(milliseconds >= 1000 && milliseconds <= LONGEST_UNLOCKED)) {
    throw new MedsealError('UNLOCK_FAILED', {
      reason: 'the time must be from 1 second to 24 hours',
    });
  }
  const folder = folderOf(keystore, key);
  const extended = await askHolder(folder, { ask: 'extend', milliseconds });
  return extended?.until ?? (await startHolder(folder, seed, milliseconds));
}

/**
 * Finds seeds of keys that are unlocked, for `unlockKey`, which checks that a seed is that of the key.
 *
 * @param keystore - The folder that holds the keys' folders.
 * @returns For a key its seed, or undefined if it is not unlocked; it throws MedsealError `KEYSTORE_INVALID` if others
 * can reach the key's folder or socket.
 */
export function unlockedIn(
  keystore: string,
): (key: Pick<LockedKey, 'name'>) => Promise<Uint8Array | undefined> {
  return async (key) => (await askHolder(folderOf(keystore, key), { ask: 'seed' }))?.seed;
}

/**
 * Returns the time until which a key is unlocked.
 *
 * @returns Milliseconds since 1970; undefined if it is locked.
 * @throws MedsealError `KEYSTORE_INVALID` as above.
 */
export async function unlockedUntil(
  keystore: string,
  key: Pick<LockedKey, 'name'>,
): Promise<number | undefined> {
  return (await askHolder(folderOf(keystore, key), { ask: 'until' }))?.until;
}

/**
 * Locks a key again. When this returns, the process has overwritten the seed. Safe to repeat.
 *
 * @returns True if it was unlocked.
 * @throws MedsealError `KEYSTORE_INVALID` as above.
 */
export async function endUnlocked(
  keystore: string,
  key: Pick<LockedKey, 'name'>,
): Promise<boolean> {
  return (await askHolder(folderOf(keystore, key), { ask: 'lock' })) !== undefined;
}

function folderOf(keystore: string, { name }: Pick<LockedKey, 'name'>): string {
  return `${keystore}/${name}`;
}
