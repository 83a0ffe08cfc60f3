import { openBrowserDevice, type DeviceStore } from '../../../src/client/index.ts';
import { resultOf } from '../../../src/client/party/resultOf.ts';
import { browserFault } from '../worker/browserFault.ts';

/** Store of a database of `openBrowserDevice`. */
const STORE = 'values';

/** Small values that this browser keeps for the portal. */
export interface Shelf extends DeviceStore {
  /** False if the browser refused a database: everything is forgotten when the page closes. */
  readonly lasting: boolean;
  /** Returns the names of all values. */
  names(): Promise<readonly string[]>;
}

/**
 * Opens a database of this page's origin, or memory if the browser allows none, as some do in a private window.
 *
 * @param name - Name, different for each use.
 * @returns The store; its `write` throws MedsealError `DEVICE_FULL` if the browser has no space.
 */
export async function openShelf(name: string): Promise<Shelf> {
  try {
    const store = await openBrowserDevice(name);
    await store.read('probe');
    return fullTold(store, name);
  } catch {
    return memoryShelf();
  }
}

/** A write either happens whole, in one transaction of the database, or says that there is no space for it. */
function fullTold(store: DeviceStore, shelf: string): Shelf {
  return {
    lasting: true,
    names: async () => await namesOnShelf(shelf),
    read: async (name) => await store.read(name),
    ...(store.alone && { alone: store.alone }),
    async write(name, value) {
      try {
        await store.write(name, value);
      } catch (cause) {
        throw browserFault(cause);
      }
    },
  };
}

function memoryShelf(): Shelf {
  const values = new Map<string, unknown>();
  return {
    lasting: false,
    names: async () => await Promise.resolve([...values.keys()]),
    read: async (name) => await Promise.resolve(values.get(name)),
    write: async (name, value) => {
      values.set(name, structuredClone(value));
      await Promise.resolve();
    },
  };
}

async function namesOnShelf(name: string): Promise<readonly string[]> {
  const database = await resultOf(indexedDB.open(`medseal/${name}`));
  try {
    const keys = await resultOf(database.transaction(STORE).objectStore(STORE).getAllKeys());
    return keys.filter((key) => typeof key === 'string');
  } finally {
    database.close();
  }
}
