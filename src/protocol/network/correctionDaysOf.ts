import type { NetworkFile } from './NetworkFile.ts';

/** Default for the days in which an author answers an objection: the month of the GDPR, and less than the 60 days of 45 CFR 164.526. */
export const DEFAULT_CORRECTION_DAYS = 30;
/** The most that a network can state: a year. */
const MOST_CORRECTION_DAYS = 366;
/** Seconds of a day. */
const DAY = 24 * 3600;

/**
 * Tells whether a number can be a channel's days for an answer to an objection.
 *
 * @param days - Number from outside.
 */
export function areCorrectionDays(days: unknown): boolean {
  return (
    Number.isSafeInteger(days) && (days as number) >= 1 && (days as number) <= MOST_CORRECTION_DAYS
  );
}

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
  return at + (then[0]?.correctionDays ?? DEFAULT_CORRECTION_DAYS) * DAY;
}
