import { CHANNEL_NUMBERS } from './channelNumbers.ts';
import type { NetworkFile } from './NetworkFile.ts';

/**
 * Returns the bytes of sealed files that a patient may add to a chart in a day, alike at all judges of a network. Others may
 * add multiples, by their role.
 *
 * @param network - The network file.
 */
export function dailyBytesOf({ channels }: Pick<NetworkFile, 'channels'>): number {
  return channels[0]?.dailyBytes ?? CHANNEL_NUMBERS.dailyBytes.usual;
}
