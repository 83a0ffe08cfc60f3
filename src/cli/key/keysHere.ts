import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { KeyFile, LockedKey } from '../../device/keystore.ts';
import type { Home } from '../home/Home.ts';
import { chooseKey, keysOf } from '../home/openVisitor.ts';

/**
 * All keys of a device, of whatever network; none is not a fault here.
 *
 * @param home - The device.
 * @throws MedsealError `KEYSTORE_INVALID`.
 */
export async function keysHere(home: Home): Promise<readonly KeyFile[]> {
  return await keysOf(home, { demo: true }).catch((error: unknown) => {
    if (isMedsealError(error, 'KEY_ABSENT')) return [];
    throw error;
  });
}

/**
 * One key of a device.
 *
 * @param home - The device.
 * @param name - Its name; the only key if absent.
 * @throws MedsealError `KEY_ABSENT`, `ARGUMENT_INVALID`.
 */
export async function keyHere(home: Home, name: string | undefined): Promise<KeyFile> {
  const wanted = { ...(name !== undefined && { as: name }) };
  return chooseKey(await keysOf(home, { demo: true }, wanted), wanted);
}

/**
 * One key of a device that lies under a passphrase.
 *
 * @param home - The device.
 * @param name - Its name; the only key if absent.
 * @throws MedsealError `KEY_ABSENT`, `ARGUMENT_INVALID`.
 */
export async function lockedKeyHere(home: Home, name: string | undefined): Promise<LockedKey> {
  const key = await keyHere(home, name);
  if (!key.demo) return key;
  const reason = 'a demonstration key has no passphrase';
  throw new MedsealError('ARGUMENT_INVALID', { argument: key.name, reason });
}
