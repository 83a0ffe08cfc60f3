import type { Party } from '../party/Party.ts';
import { forgetKept } from './keptIndex.ts';

/**
 * Deletes the records that a device keeps whose time is over: at once, and then each in its time, for a program that runs
 * on. Call it again after a record was kept.
 *
 * @param party - The device.
 * @returns Function that ends it.
 * @throws MedsealError `FOLDER_UNWRITABLE` if the device cannot delete now.
 * @example
 * ```ts
 * const end = await watchKept(doctor);
 * window.addEventListener('pagehide', end);
 * ```
 */
export async function watchKept(party: Pick<Party, 'device' | 'clock'>): Promise<() => void> {
  const { clock } = party;
  let cancel: (() => void) | undefined;
  let ended = false;
  const next = async (): Promise<void> => {
    const keep = await forgetKept(party);
    if (keep === undefined || ended) return;
    cancel = clock.after(Math.max(0, keep * 1000 - clock.now()), () => {
      // A device that cannot delete now does so when it starts again.
      void next().catch(() => undefined);
    });
  };
  await next();
  return () => {
    ended = true;
    cancel?.();
  };
}
