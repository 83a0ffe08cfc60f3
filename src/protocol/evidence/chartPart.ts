import { OneOf, Either } from '../wire/findShapeError.ts';
import type { Acknowledgement, Body } from './evidence.ts';
import type { ReadingsHeader } from '../sensors/ReadingsHeader.ts';
import type { Write } from '../struct/requests.ts';

/** Batches of readings that reach into a span of time, Unix milliseconds. */
export interface BatchesWithin {
  /** First moment. */
  readonly from: number;
  /** First moment after it; without an end if absent. */
  readonly until?: number;
}

/**
 * Part of the list of a chart: `records`, which leaves the batches of devices’ readings out; the batches of a span alone; or `kinds`, one
 * batch of each category, the first of the newest epoch that the category has. A wearable adds thousands of batches in a day, and a
 * list of all of them takes seconds to verify.
 */
export type ListedPart = 'records' | 'kinds' | BatchesWithin;

/** A part that is asked for; `last`: the batches of so many milliseconds that end with the newest one. */
export type ChartPartAsked = ListedPart | { readonly last: number };

/** Exactly a `ListedPart`. */
export const CHART_PART = new Either(new OneOf('records', 'kinds'), {
  from: 'count',
  'until?': 'count',
});

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
 * Returns the writes that are of a part of their chart, in their order.
 *
 * @param part - The part; all of the chart if absent.
 * @param writes - Entries of one log, in its order.
 */
export function writesOfPart(
  part: ListedPart | undefined,
  writes: readonly Acknowledgement[],
): readonly Acknowledgement[] {
  if (part === undefined) return writes;
  const read = writes.map((write) => {
    const { readings, at, request } = JSON.parse(write.body) as Body;
    return { write, readings, at, ...(request.message as Write) };
  });
  if (part === 'records') {
    return read.flatMap(({ write, readings }) => (readings === undefined ? [write] : []));
  }
  const batches = read.filter(({ readings }) => readings !== undefined);
  if (part === 'kinds') {
    const kinds = new Set(
      [...Map.groupBy(batches, ({ category }) => category).values()].map(newestFirst),
    );
    return batches.flatMap((batch) => (kinds.has(batch) ? [batch.write] : []));
  }
  return batches.flatMap(({ write, readings, at }) =>
    readings !== undefined && reachesInto(part, timesOfBatch(readings.header, at)) ? [write] : [],
  );
}

/** The first batch of the newest epoch. */
function newestFirst<Batch extends { readonly epoch: number }>(
  batches: readonly Batch[],
): Batch | undefined {
  return batches.reduce<Batch | undefined>(
    (newest, batch) => (newest === undefined || batch.epoch > newest.epoch ? batch : newest),
    undefined,
  );
}
