import type { TrendScale } from '../../ui/trendScale.ts';
import type { CurvePoint } from './curvesOf.ts';

/**
 * Returns the path that draws a piece of a curve. Of more samples than a drawing has columns, each column keeps the
 * first, the lowest, the highest and the last, in their order: a peak is never lost.
 *
 * @param points - In the order of time, at least one.
 * @param scale - Places of moments and values.
 * @param columns - Width of the drawing in columns.
 */
export function pathOfPiece(
  points: readonly CurvePoint[],
  { x, y }: Pick<TrendScale, 'x' | 'y'>,
  columns: number,
): string {
  const kept = points.length > columns * 4 ? thinned(points, x) : points;
  const places = kept.map(({ at, value }) => `${rounded(x(at))},${rounded(y(value))}`);
  // A single reading is a dot: a line of no length with round ends.
  return places.length === 1 ? `M${places[0]}h0` : `M${places.join('L')}`;
}

function thinned(points: readonly CurvePoint[], x: (at: number) => number): readonly CurvePoint[] {
  const kept: CurvePoint[] = [];
  let column: CurvePoint[] = [];
  let place = Number.NaN;
  const close = (): void => {
    const [first] = column;
    if (first === undefined) return;
    let [low, high] = [first, first];
    for (const each of column) {
      if (each.value < low.value) low = each;
      if (each.value > high.value) high = each;
    }
    const ends = [first, low, high, column.at(-1) ?? first];
    kept.push(...[...new Set(ends)].toSorted((left, right) => left.at - right.at));
  };
  for (const point of points) {
    const at = Math.floor(x(point.at));
    if (at !== place) {
      close();
      [column, place] = [[], at];
    }
    column.push(point);
  }
  close();
  return kept;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
