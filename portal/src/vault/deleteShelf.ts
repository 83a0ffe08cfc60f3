import { deleteBrowserDevice } from '../../../src/client/index.ts';

/**
 * Deletes a shelf with everything on it. Every tab that has it open loses it.
 *
 * @param name - Its name; nothing happens without a shelf of this name, or without databases.
 */
export async function deleteShelf(name: string): Promise<void> {
  if (!('indexedDB' in globalThis)) return;
  await deleteBrowserDevice(name).catch(() => undefined);
}
