import type { Curve } from './curvesOf.ts';

/** Most rows of one table, the newest. */
const MOST = 300;
/** A wave has a row for each second. */
const SECOND = 1000;

/** A row of a curve's table: a value, or the lowest and highest of a second; or a gap. */
export type CurveRow =
  | { readonly at: number; readonly low: number; readonly high: number; readonly late: boolean }
  | { readonly gap: true; readonly from: number; readonly until: number };

/**
 * Returns a curve as rows of a table, the newest first, with its gaps among them.
 *
 * @param curve - The curve.
 * @returns The rows, and whether there are older ones.
 */
export function rowsOfCurve({ wave, pieces }: Curve): {
  readonly rows: readonly CurveRow[];
  readonly more: boolean;
} {
  const rows: CurveRow[] = [];
  let before: number | undefined;
  for (const { points, late } of pieces) {
    const [first] = points;
    if (first === undefined) continue;
    if (before !== undefined) rows.push({ gap: true, from: before, until: first.at });
    let row: { at: number; low: number; high: number; late: boolean } | undefined;
    for (const { at, value } of points) {
      if (wave && row !== undefined && at < row.at + SECOND) {
        row.low = Math.min(row.low, value);
        row.high = Math.max(row.high, value);
      } else {
        row = { at, low: value, high: value, late };
        rows.push(row);
      }
    }
    before = points.at(-1)?.at;
  }
  return { rows: rows.slice(-MOST).toReversed(), more: rows.length > MOST };
}
