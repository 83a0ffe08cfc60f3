import { join } from 'node:path';
import { lockFolder } from '../../folder/lockFolder.ts';
import { openFolder } from '../../folder/openFolder.ts';
import type { Home } from '../home/Home.ts';

/**
 * Runs a change of a key's file while no other process changes it: two changes of one key at once would each put the
 * other's new key away, and the ledger may have either.
 *
 * @param home - The device.
 * @param name - The key, which the device has.
 * @param run - The change; it reads the key itself.
 * @throws MedsealError `FOLDER_LOCKED` if another process is at it.
 */
export async function withKeyLocked<Value>(
  { keystore }: Home,
  name: string,
  run: () => Promise<Value>,
): Promise<Value> {
  const unlock = await lockFolder(await openFolder(join(keystore, name)));
  try {
    return await run();
  } finally {
    await unlock();
  }
}
