import type { DeviceStore } from './DeviceStore.ts';

const STORE = 'values';

/** A device in a browser. */
export interface BrowserDevice extends DeviceStore {
  /** Returns the names of all values. */
  names(): Promise<readonly string[]>;
}

/**
 * Opens a device in a browser: a database of the page's origin (IndexedDB). Clearing the origin's data clears the
 * device; a patient then restores it from the phrase. Call `navigator.storage.persist()` so that the browser does not
 * clear it.
 *
 * @param name - Name, different for each party, such as its address.
 * @throws DOMException of the browser if it does not allow a database.
 * @example
 * ```ts
 * const device = await openBrowserDevice('patient');
 * await navigator.storage.persist();
 * const at = { network, agent, log: 'care/hospital', device };
 * const party = await openParty({ ...webPorts, ...at, seed });
 * ```
 */
export async function openBrowserDevice(name: string): Promise<BrowserDevice> {
  const opening = indexedDB.open(`medseal/${name}`, 1);
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE));
  const database = await resultOf(opening);
  // Whoever deletes the database in another tab does not wait for this one to end.
  database.addEventListener('versionchange', () => database.close());
  return {
    read: async (key) => await resultOf(database.transaction(STORE).objectStore(STORE).get(key)),
    async write(key, value) {
      const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' });
      if (value === null) transaction.objectStore(STORE).delete(key);
      else transaction.objectStore(STORE).put(value, key);
      await new Promise<void>((resolve, reject) => {
        transaction.addEventListener('complete', () => resolve());
        transaction.addEventListener('abort', () => reject(transaction.error));
      });
    },
    async names() {
      const keys = await resultOf(database.transaction(STORE).objectStore(STORE).getAllKeys());
      return keys.filter((key) => typeof key === 'string');
    },
    alone: async (work) => await navigator.locks.request(`medseal/${name}`, work),
  };
}

/**
 * Deletes a device in a browser with everything on it. Every tab that has it open loses it.
 *
 * @param name - Name that it was opened with; nothing happens if there is no such device.
 * @throws DOMException of the browser if it does not allow a database.
 * @example
 * ```ts
 * const device = await openBrowserDevice('patient');
 * console.log(`${(await device.names()).length} values are deleted`);
 * await deleteBrowserDevice('patient');
 * ```
 */
export async function deleteBrowserDevice(name: string): Promise<void> {
  await resultOf(indexedDB.deleteDatabase(`medseal/${name}`));
}

async function resultOf<Value>(request: IDBRequest<Value>): Promise<Value> {
  return await new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}
