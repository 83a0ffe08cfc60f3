import type { DeviceStore } from './DeviceStore.ts';

/**
 * A device that forgets when the process ends: for tests, and for who has nothing to keep. A patient needs one that
 * lasts.
 */
export function memoryDevice(): DeviceStore {
  const values = new Map<string, string>();
  return {
    read: async (name) =>
      await Promise.resolve(JSON.parse(values.get(name) ?? 'null') ?? undefined),
    write: async (name, value) => {
      values.set(name, JSON.stringify(value));
      await Promise.resolve();
    },
  };
}
