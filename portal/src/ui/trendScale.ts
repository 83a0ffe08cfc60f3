/** Places of a trend's values in a drawing. */
export interface TrendScale {
  /** Place of a moment, from the left. */
  readonly x: (at: number) => number;
  /** Place of a value, from the top. */
  readonly y: (value: number) => number;
  /** Values that have a line of their own. */
  readonly ticks: readonly number[];
}

/** The inner edges of a drawing. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Parts of a power of ten that people count in. */
const STEPS = [1, 2, 2.5, 5, 10];

/**
 * Places values in a drawing so that all of them and the ends of their reference ranges are in it.
 *
 * @param moments - Unix milliseconds, at least one.
 * @param values - Values and ends of ranges, at least one; all finite.
 * @param frame - Edges of the drawing.
 * @param shown - Least and most that the drawing shows if the values allow it; without them there is room around the values.
 */
export function trendScale(
  moments: readonly number[],
  values: readonly number[],
  { left, right, top, bottom }: Frame,
  shown?: readonly [low: number, high: number],
): TrendScale {
  const [first, last] = [least(moments), -least(moments.map((each) => -each))];
  const [lowest, highest] = [least(values), -least(values.map((each) => -each))];
  // A single value stands in the middle.
  const room = (highest - lowest) * 0.1 || Math.abs(highest) * 0.1 || 1;
  const low = shown !== undefined && lowest >= shown[0] ? shown[0] : lowest - room;
  const high = shown !== undefined && highest <= shown[1] ? shown[1] : highest + room;
  const width = last - first;
  return {
    x: (at) => (width === 0 ? (left + right) / 2 : left + ((at - first) / width) * (right - left)),
    y: (value) => bottom - ((value - low) / (high - low)) * (bottom - top),
    ticks: ticksIn(low, high),
  };
}

function least(values: readonly number[]): number {
  return values.reduce((before, each) => Math.min(before, each), Infinity);
}

/** Round numbers between two values, three to six of them. */
function ticksIn(low: number, high: number): readonly number[] {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((each) => each * power >= rough) ?? 10);
  if (!Number.isFinite(step) || step <= 0) return [];
  const first = Math.ceil(low / step);
  const count = Math.min(8, Math.floor(high / step) - first + 1);
  // A product is rounder than a sum of steps.
  return Array.from({ length: Math.max(0, count) }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  );
}
