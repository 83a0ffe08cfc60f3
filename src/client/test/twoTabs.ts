import type { DeviceStore } from '../party/DeviceStore.ts';

/** Two views of one device, as two tabs have them, and what it stores. */
export function twoTabs(): {
  readonly tabs: readonly [DeviceStore, DeviceStore];
  readonly values: ReadonlyMap<string, unknown>;
} {
  const values = new Map<string, unknown>();
  const read = async (name: string): Promise<unknown> => await Promise.resolve(values.get(name));
  const write = async (name: string, value: unknown): Promise<void> => {
    await Promise.resolve();
    values.set(name, value);
  };
  let last: Promise<unknown> = Promise.resolve();
  const alone: DeviceStore['alone'] = async (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return await mine;
  };
  return {
    tabs: [
      { read, write, alone },
      { read, write, alone },
    ],
    values,
  };
}
