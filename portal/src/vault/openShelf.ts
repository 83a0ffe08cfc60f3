import { openBrowserDevice, type DeviceStore } from '../../../src/client/index.ts';

/** Small values that this browser keeps for the portal. */
export interface Shelf extends DeviceStore {
  /** False if the browser refused a database: everything is forgotten when the page closes. */
  readonly lasting: boolean;
}

/**
 * Opens a database of this page's origin, or memory if the browser allows none, as some do in a private window.
 *
 * @param name - Name, different for each use.
 */
export async function openShelf(name: string): Promise<Shelf> {
  try {
    const store = await openBrowserDevice(name);
    await store.read('probe');
    return { ...store, lasting: true };
  } catch {
    return memoryShelf();
  }
}

function memoryShelf(): Shelf {
  const values = new Map<string, unknown>();
  return {
    lasting: false,
    read: async (name) => await Promise.resolve(values.get(name)),
    write: async (name, value) => {
      values.set(name, structuredClone(value));
      await Promise.resolve();
    },
  };
}
