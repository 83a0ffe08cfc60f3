import type { BatchRead, TimeSpan } from '../../../../src/client/index.ts';
import type { CurveReading } from '../../../../src/protocol/sensors/Reading.ts';

/** A value of a curve. */
export interface CurvePoint {
  /** Unix milliseconds. */
  readonly at: number;
  readonly value: number;
}

/** A piece of a curve without a gap in it. */
export interface CurvePiece {
  readonly points: readonly CurvePoint[];
  /** True if some of it came late. */
  readonly late: boolean;
}

/** Everything that a device measured of one kind, in pieces between which readings are missing. */
export interface Curve {
  /** Context-free MDC code. */
  readonly code: number;
  /** True if it has samples of a curve, such as an electrocardiogram. */
  readonly wave: boolean;
  /** In the order of time. */
  readonly pieces: readonly CurvePiece[];
}

/** Numbers of a kind that are further apart are not joined, though none is missing: in milliseconds. */
const APART = 120_000;

interface Open {
  points: CurvePoint[];
  late: boolean;
  /** Moment at which the next sample of a wave is due. */
  due: number;
}

/**
 * Draws a device's batches together to curves. A line is joined where the device numbered its readings without a gap,
 * and nowhere else; samples of a wave also follow each other in time.
 *
 * @param batches - Batches of one device, in their order; those that could not be opened leave a gap.
 * @param span - Values before and after it are left out; all are drawn if absent.
 */
export function curvesOf(
  batches: readonly BatchRead[],
  { from, until }: TimeSpan = { from: -Infinity, until: Infinity },
): readonly Curve[] {
  const curves = new Map<number, { wave: boolean; pieces: Open[] }>();
  let broken = true;
  for (const batch of batches) {
    if ('error' in batch) {
      broken = true;
      continue;
    }
    const joined = batch.follows && !broken;
    broken = false;
    const begun = new Set<number>();
    for (const { moment, reading } of batch.readings) {
      const { code } = reading;
      const curve = curves.get(code) ?? { wave: 'period' in reading, pieces: [] };
      curves.set(code, curve);
      const last = curve.pieces.at(-1);
      const [period, values] =
        'period' in reading ? [reading.period, valuesOf(reading)] : [0, [reading.value]];
      const goes =
        (joined || begun.has(code)) && last !== undefined && isNear(last, moment, period);
      begun.add(code);
      const piece = goes ? last : { points: [], late: false, due: 0 };
      if (!goes) curve.pieces.push(piece);
      for (const [place, value] of values.entries()) {
        const at = moment + place * period;
        if (at >= from && at < until) piece.points.push({ at, value });
      }
      piece.due = moment + values.length * period;
      piece.late ||= batch.late;
    }
  }
  return [...curves].map(([code, { wave, pieces }]) => ({
    code,
    wave,
    pieces: pieces
      .filter(({ points }) => points.length > 0)
      .map(({ points, late }) => ({ points, late }))
      .toSorted((left, right) => (left.points[0]?.at ?? 0) - (right.points[0]?.at ?? 0)),
  }));
}

function valuesOf({ data, factor, origin = 0 }: CurveReading): readonly number[] {
  return data.map((each) => origin + each * factor);
}

/** Tells whether a reading is next to the last one of a piece. Times are whole milliseconds, so a sample may be off by two. */
function isNear(last: Open, moment: number, period: number): boolean {
  const distance = moment - last.due;
  return period === 0 ? distance >= 0 && distance <= APART : Math.abs(distance) <= period + 2;
}
