import { LONGEST_KEEP } from '../../../../src/protocol/rights/requireKeep.ts';

/** A time for which a device can keep a record. */
export interface KeepChoice {
  readonly value: 'half-day' | 'day' | 'week' | 'end';
  /** Until when, Unix seconds. */
  readonly until: number;
}

/** Seconds that clocks of nodes may be behind that of the device: the longest time must not be too long for them. */
const APART = 60;

/**
 * Returns the times that somebody can choose: those that end before the right does, and the end of the right if that is nearer than
 * the longest.
 *
 * @param now - Unix seconds.
 * @param end - First second at which the right no longer holds; `Infinity` on a patient's own chart.
 */
export function keepChoices(now: number, end: number): readonly KeepChoice[] {
  const all = [
    { value: 'half-day', until: now + 43_200 },
    { value: 'day', until: now + 86_400 },
    { value: 'week', until: now + LONGEST_KEEP - APART },
  ] as const;
  const before = all.filter(({ until }) => until < end);
  if (before.length === all.length || end <= now) return before;
  return [...before, { value: 'end', until: end }];
}
