import { isMedsealError } from '../../../src/client/index.ts';
import type { KeyDevice } from './openKeyDevice.ts';

/**
 * Seals what this browser keeps for a key for the next one as well. Safe to repeat; what the next one has is replaced.
 * A value that was altered opens for nobody, and is left out.
 *
 * @param from - The key.
 * @param to - The next key.
 * @throws MedsealError `DEVICE_FULL`.
 */
export async function copyDevice(from: KeyDevice, to: KeyDevice): Promise<void> {
  for (const name of await from.shelf.names()) {
    const value = await from.device.read(name).catch(unlessUnreadable);
    if (value !== undefined) await to.device.write(name, value);
  }
}

function unlessUnreadable(error: unknown): undefined {
  if (!isMedsealError(error, 'SEAL_UNREADABLE')) throw error;
}
