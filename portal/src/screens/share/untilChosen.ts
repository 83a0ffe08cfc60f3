import { endOfDay } from '../../session/endOfDay.ts';

const DAY = 24 * 3600;

/** Seconds of each period that a person can choose. */
const PERIODS = { day: DAY, month: 30 * DAY, year: 365 * DAY } as const;

/** For how long a right is given or asked for. */
export interface PeriodChosen {
  readonly period: keyof typeof PERIODS | 'date';
  /** Last day as HTML's input has it, such as `2026-11-23`, if a day was chosen. */
  readonly date: string;
}

/**
 * Returns the second at which a chosen period ends.
 *
 * @param chosen - The period, or the last day in the time zone of the device.
 * @param now - Unix seconds.
 * @returns Unix seconds; NaN if no day was typed.
 */
export function untilChosen({ period, date }: PeriodChosen, now: number): number {
  if (period !== 'date') return now + PERIODS[period];
  return endOfDay(date);
}
