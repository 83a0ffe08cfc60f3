import { CHANNEL_NUMBERS } from './channelNumbers.ts';
import type { NetworkFile } from './NetworkFile.ts';

/** Seconds of a day. */
const DAY = 24 * 3600;

/**
 * Returns the last second at which the answer to an objection is in time, by the network file of the moment at which it was made: a
 * later file changes no term that runs.
 *
 * @param network - The network file.
 * @param at - The moment of the objection, Unix seconds.
 */
export function answerDue(
  { channels, before = [] }: Pick<NetworkFile, 'channels' | 'before'>,
  at: number,
): number {
  const then = before.find(({ until }) => at < until)?.channels ?? channels;
  return at + (then[0]?.correctionDays ?? CHANNEL_NUMBERS.correctionDays.usual) * DAY;
}
