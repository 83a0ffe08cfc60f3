import type { ReactNode } from 'react';
import type { Measurement } from '../../fhir/measurementsOf.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import type { Words } from '../../words/useWords.tsx';
import { trendScale, type Frame, type TrendScale } from '../../ui/trendScale.ts';
import trendLook from '../../ui/Trend.module.css';

/** Values beyond this are told in a table only: a drawing cannot hold them. */
const LARGEST = 1e12;
/** Most points of one drawing, the newest. */
const MOST = 500;

/** A measurement that has a place in a drawing. */
export type Dated = Measurement & { readonly when: NonNullable<Measurement['when']> };

/** The measurements of a series that a drawing can hold, the newest first. */
export function drawnOf(points: readonly Measurement[]): readonly Dated[] {
  return points.filter(isDrawable).slice(0, MOST);
}

function isDrawable(point: Measurement): point is Dated {
  const values = [point.amount.value, point.low ?? 0, point.high ?? 0];
  return point.when !== undefined && values.every((each) => Math.abs(each) <= LARGEST);
}

/** Places measurements in a drawing, with the reference range of the newest one. */
export function scaleOf(points: readonly Dated[], frame: Frame): TrendScale {
  const [newest] = points;
  const limits = [newest?.low, newest?.high].filter((each) => each !== undefined);
  return trendScale(
    points.map(({ when }) => when.at),
    [...points.map(({ amount }) => amount.value), ...limits],
    frame,
  );
}

/**
 * Says what a drawing shows.
 *
 * @param points - The newest first, at least one.
 * @param title - Name of what was measured.
 * @param words - The person's words.
 */
export function trendInWords(points: readonly Dated[], title: string, words: Words): string {
  const [newest, oldest] = [points[0], points.at(-1)];
  if (newest === undefined || oldest === undefined) return title;
  return words.say('chart.trend', {
    title,
    count: points.length,
    from: sayFhir(oldest.when, words),
    until: sayFhir(newest.when, words),
    first: sayFhir(oldest.amount, words),
    last: sayFhir(newest.amount, words),
  });
}

/** Properties of `TrendCurve`. */
export interface TrendCurveProps {
  /** The newest first. */
  readonly points: readonly Dated[];
  readonly scale: TrendScale;
  readonly frame: Frame;
  /** Drawn above the range and below the curve. */
  readonly children?: ReactNode;
}

/** The values over time as a line, with the newest reference range as a band. */
export function TrendCurve({ points, scale, frame, children }: TrendCurveProps): ReactNode {
  const { x, y } = scale;
  const { low, high } = points[0] ?? {};
  const top = high === undefined ? frame.top : y(high);
  const bottom = low === undefined ? frame.bottom : y(low);
  return (
    <>
      {(low !== undefined || high !== undefined) && (
        <rect
          className={trendLook['range']}
          x={frame.left}
          y={top}
          width={frame.right - frame.left}
          height={Math.max(0, bottom - top)}
        />
      )}
      {children}
      <polyline
        className={trendLook['line']}
        points={points.map(({ when, amount }) => `${x(when.at)},${y(amount.value)}`).join(' ')}
      />
      {points.map(({ when, amount, flag }, place) => (
        <path
          key={place}
          className={
            flag && flag.direction !== 'none'
              ? `${trendLook['point']} ${trendLook['odd']}`
              : trendLook['point']
          }
          d={shapeAt(x(when.at), y(amount.value), flag?.direction)}
        />
      ))}
    </>
  );
}

/** A point as a dot; above its range as a triangle that points up, below as one that points down. */
function shapeAt(x: number, y: number, direction: string | undefined): string {
  if (direction === 'up') return `M${x - 6},${y + 5}h12l-6,-11z`;
  if (direction === 'down') return `M${x - 6},${y - 5}h12l-6,11z`;
  if (direction === 'odd') return `M${x - 5},${y - 5}h10v10h-10z`;
  return `M${x - 4},${y}a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z`;
}
