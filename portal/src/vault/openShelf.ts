import { openBrowserDevice, type BrowserDevice } from '../../../src/client/index.ts';
import { browserFault } from '../worker/browserFault.ts';

/** Small values that this browser keeps for the portal. */
export interface Shelf extends BrowserDevice {
  /** False if the browser refused a database: everything is forgotten when the page closes. */
  readonly lasting: boolean;
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
    return fullTold(store);
  } catch {
    return memoryShelf();
  }
}

/** A write either happens whole, in one transaction of the database, or says that there is no space for it. */
function fullTold(store: BrowserDevice): Shelf {
  return {
    lasting: true,
    names: async () => await store.names(),
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
