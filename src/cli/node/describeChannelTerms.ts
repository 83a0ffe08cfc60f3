import {
  CHANNEL_NUMBER_NAMES,
  CHANNEL_NUMBERS,
  type ChannelNumber,
} from '../../protocol/network/channelNumbers.ts';
import type { Channel } from '../../protocol/network/NetworkFile.ts';

/** Subjects of the terms that are one number each. */
const SUBJECTS: Readonly<Record<ChannelNumber, string>> = {
  dailyBytes: 'bytes that a patient may add to a chart in a day',
  correctionDays: 'days in which an author answers an objection',
  retentionDays:
    'days for which a category is kept from erasure after another than the patient wrote in it',
};

/**
 * Describes the terms of a channel that a founder or a successor chooses, beside its thresholds.
 *
 * @param channel - The channel; what is absent has its default.
 * @returns A line for each.
 */
export function describeChannelTerms(
  channel: Partial<Pick<Channel, 'categories' | 'controlled' | 'copies' | ChannelNumber>>,
): readonly string[] {
  const { categories = [], controlled = [], copies } = channel;
  return [
    `records of these categories may be written: ${categories.join(', ') || 'all'}`,
    `these medicines need a second doctor: ${controlled.join(', ') || 'none'}`,
    `organisations that keep each sealed file: ${copies ?? 'all'}`,
    ...CHANNEL_NUMBER_NAMES.map((name) => {
      return `${SUBJECTS[name]}: ${channel[name] ?? CHANNEL_NUMBERS[name].usual}`;
    }),
  ];
}
