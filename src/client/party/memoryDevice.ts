import type { DeviceStore } from './DeviceStore.ts';

/**
 * Makes a device that forgets when the process ends: for tests, and for parties that have nothing to store. A patient
 * needs a durable one.
 *
 * @example
 * ```ts
 * const device = memoryDevice();
 * const at = { network, agent, log: 'care/hospital', device };
 * const party = await openParty({ ...webPorts, ...at, seed });
 * ```
 */
export function memoryDevice(): DeviceStore {
  const values = new Map<string, string>();
  return {
    read: async (name) =>
      await Promise.resolve(JSON.parse(values.get(name) ?? 'null') ?? undefined),
    write: async (name, value) => {
      if (value === null) values.delete(name);
      else values.set(name, JSON.stringify(value));
      await Promise.resolve();
    },
  };
}
