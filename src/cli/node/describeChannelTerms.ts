import { DEFAULT_CORRECTION_DAYS } from '../../protocol/network/correctionDaysOf.ts';
import { DEFAULT_DAILY_BYTES } from '../../protocol/network/dailyBytesOf.ts';
import type { Channel } from '../../protocol/network/NetworkFile.ts';

/**
 * Describes the terms of a channel that a founder or a successor chooses, beside its thresholds.
 *
 * @param channel - The channel; what is absent has its default.
 * @returns A line for each.
 */
export function describeChannelTerms({
  categories = [],
  controlled = [],
  copies,
  dailyBytes = DEFAULT_DAILY_BYTES,
  correctionDays = DEFAULT_CORRECTION_DAYS,
}: Partial<
  Pick<Channel, 'categories' | 'controlled' | 'copies' | 'dailyBytes' | 'correctionDays'>
>): readonly string[] {
  return [
    `records of these categories may be written: ${categories.join(', ') || 'all'}`,
    `these medicines need a second doctor: ${controlled.join(', ') || 'none'}`,
    `organisations that keep each sealed file: ${copies ?? 'all'}`,
    `bytes that a patient may add to a chart in a day: ${dailyBytes}`,
    `days in which an author answers an objection: ${correctionDays}`,
  ];
}
