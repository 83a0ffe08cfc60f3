/** Terms of a channel that are one number each: a founder or a successor states them, and what is absent has its default. */
export interface ChannelNumbers {
  /** Bytes of sealed files that a patient may add to a chart in a day, as `dailyBytesOf` says. */
  readonly dailyBytes?: number;
  /** Days in which the author of a record answers an objection to it, as `answerDue` says. */
  readonly correctionDays?: number;
  /** Days for which nobody erases a category after somebody other than the patient wrote a record of it, as `retainedUntil` says. */
  readonly retentionDays?: number;
}

/** Name of such a term. */
export type ChannelNumber = keyof ChannelNumbers;

/** Bounds of such a term. */
interface NumberTerm {
  /** Default, which no file states. */
  readonly usual: number;
  /** The most that can be stated; the least is 1. */
  readonly most: number;
}

/** Every such term. */
export const CHANNEL_NUMBERS: Readonly<Record<ChannelNumber, NumberTerm>> = {
  dailyBytes: { usual: 8 * 2 ** 30, most: 2 ** 50 },
  // The month of the GDPR, and less than the 60 days of 45 CFR 164.526.
  correctionDays: { usual: 30, most: 366 },
  // At most a hundred years.
  retentionDays: { usual: 0, most: 36_525 },
};

/** Names of all such terms. */
export const CHANNEL_NUMBER_NAMES = Object.keys(CHANNEL_NUMBERS) as readonly ChannelNumber[];

/**
 * Tells whether a number can be a stated term of a channel.
 *
 * @param name - The term.
 * @param value - Number from outside.
 */
export function isChannelNumber(name: ChannelNumber, value: unknown): boolean {
  const { most } = CHANNEL_NUMBERS[name];
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= most;
}

/**
 * Returns the terms that something states, and nothing else of it.
 *
 * @param from - A channel, a founding or wishes.
 */
export function channelNumbersOf(
  from: Readonly<Partial<Record<ChannelNumber, number | undefined>>>,
): ChannelNumbers {
  return Object.fromEntries(
    CHANNEL_NUMBER_NAMES.flatMap((name) => {
      const value = from[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
