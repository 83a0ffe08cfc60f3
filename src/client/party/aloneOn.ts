import type { DeviceStore } from './DeviceStore.ts';

const turns = new WeakMap<DeviceStore, Promise<unknown>>();

/**
 * Runs work that reads what a device stores and writes it again, with no other such work of this device in between: not of
 * this page or process, nor, in a browser, of another tab. Neither then loses what the other wrote.
 *
 * @param device - The device.
 * @param work - Short work, without a network; it must not call this again for the same device.
 * @returns The result of the work.
 * @example
 * ```ts
 * await aloneOn(device, async () => {
 *   const before = (await device.read('opened')) ?? 0;
 *   await device.write('opened', Number(before) + 1);
 * });
 * ```
 */
export async function aloneOn<Result>(
  device: DeviceStore,
  work: () => Promise<Result>,
): Promise<Result> {
  const before = turns.get(device) ?? Promise.resolve();
  const mine = before.then(async () =>
    device.alone === undefined ? await work() : await device.alone(work),
  );
  turns.set(
    device,
    mine.catch(() => undefined),
  );
  return await mine;
}
