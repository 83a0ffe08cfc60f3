import type { NetworkFile } from './NetworkFile.ts';

/** Default for the bytes of sealed files that a patient may add to a chart in a day: 8 GiB. */
export const DEFAULT_DAILY_BYTES = 8 * 2 ** 30;
/** The most that a network can state: 1 PiB. */
const MOST_DAILY_BYTES = 2 ** 50;

/**
 * Tells whether a number can be a channel's daily bytes.
 *
 * @param bytes - Number from outside.
 */
export function areDailyBytes(bytes: unknown): boolean {
  return (
    Number.isSafeInteger(bytes) && (bytes as number) >= 1 && (bytes as number) <= MOST_DAILY_BYTES
  );
}

/**
 * Returns the bytes of sealed files that a patient may add to a chart in a day, alike at all judges of a network. Others may
 * add multiples, by their role.
 *
 * @param network - The network file.
 */
export function dailyBytesOf({ channels }: Pick<NetworkFile, 'channels'>): number {
  return channels[0]?.dailyBytes ?? DEFAULT_DAILY_BYTES;
}
