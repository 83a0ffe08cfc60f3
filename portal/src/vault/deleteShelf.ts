import { resultOf } from '../../../src/client/party/resultOf.ts';

/**
 * Deletes a shelf with everything on it. Every tab that has it open loses it.
 *
 * @param name - Its name; nothing happens without a shelf of this name, or without databases.
 */
export async function deleteShelf(name: string): Promise<void> {
  if (!('indexedDB' in globalThis)) return;
  await resultOf(indexedDB.deleteDatabase(`medseal/${name}`)).catch(() => undefined);
}
