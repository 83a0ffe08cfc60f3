import { OneOf, Either } from '../wire/findShapeError.ts';
import type { Acknowledgement, Body } from './evidence.ts';
import type { ReadingsHeader } from '../sensors/ReadingsHeader.ts';

/** Batches of readings that reach into a span of time, Unix milliseconds. */
export interface BatchesWithin {
  /** First moment. */
  readonly from: number;
  /** First moment after it; without an end if absent. */
  readonly until?: number;
}

/**
 * Part of the list of a chart: `records`, which leaves the batches of devices’ readings out, or the batches of a span alone. A
 * wearable adds thousands of batches in a day, and a list of all of them takes seconds to verify.
 */
export type ListedPart = 'records' | BatchesWithin;

/** A part that is asked for; `last`: the batches of so many milliseconds that end with the newest one. */
export type ChartPartAsked = ListedPart | { readonly last: number };

/** Exactly a `ListedPart`. */
export const CHART_PART = new Either(new OneOf('records'), { from: 'count', 'until?': 'count' });

/** Exactly a `ChartPartAsked`. */
export const CHART_PART_ASKED = new Either(...CHART_PART.shapes, { last: 'count' });

/** Times of a batch in Unix milliseconds. */
export interface BatchTimes {
  readonly start: number;
  readonly end: number;
}

/**
 * Returns when a batch began and ended. If its device had no clock, it ended at its entry at the latest.
 *
 * @param header - Statement of its device.
 * @param at - Moment of its entry, Unix seconds.
 */
export function timesOfBatch(
  { clock, start, end }: Pick<ReadingsHeader, 'clock' | 'start' | 'end'>,
  at: number,
): BatchTimes {
  const shift = clock === 'set' ? 0 : at * 1000 - end;
  return { start: start + shift, end: end + shift };
}

/**
 * Tells whether a batch reaches into a span.
 *
 * @param span - The span.
 * @param times - When the batch began and ended.
 */
export function reachesInto(
  { from, until = Infinity }: BatchesWithin,
  { start, end }: BatchTimes,
): boolean {
  return end >= from && start < until;
}

/**
 * Tells whether a write is of a part of its chart.
 *
 * @param part - The part; all of the chart if absent.
 * @param write - The entry of the write.
 */
export function isInPart(part: ListedPart | undefined, { body }: Acknowledgement): boolean {
  if (part === undefined) return true;
  const { readings, at } = JSON.parse(body) as Body;
  if (readings === undefined || part === 'records')
    return readings === undefined && part === 'records';
  return reachesInto(part, timesOfBatch(readings.header, at));
}
