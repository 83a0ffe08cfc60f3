import { workerScrypt } from '../worker/workerScrypt.ts';
import { askForLasting } from './askForLasting.ts';
import { KeyChest, type KeyToKeep } from './KeyChest.ts';
import type { Shelf } from './openShelf.ts';

/**
 * Keeps a key in this browser under a passphrase, and asks the browser to clear nothing of this page by itself.
 *
 * @param shelf - Store of the sealed keys.
 * @param key - Address, name, seed, and seeds of former keys.
 * @param passphrase - At least ten characters.
 * @throws MedsealError `PASSPHRASE_WEAK`; `DEVICE_FULL`: then nothing of it is kept.
 */
export async function keepKey(shelf: Shelf, key: KeyToKeep, passphrase: string): Promise<void> {
  await new KeyChest(shelf, workerScrypt).keep(key, passphrase);
  // If the browser does not promise it, the words bring the key back.
  askForLasting();
}
