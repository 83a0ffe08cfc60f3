import { useId, type ReactNode } from 'react';
import type { Measurement, Series } from '../../fhir/measurementsOf.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { useWords } from '../../words/useWords.tsx';
import { FlagText } from './FlagText.tsx';
import { trendScale } from './trendScale.ts';

const [WIDTH, HEIGHT] = [400, 210];
const FRAME = { left: 52, right: 388, top: 12, bottom: 176 };
/** Values beyond this are told in the table only: a drawing cannot hold them. */
const LARGEST = 1e12;
/** Most points of one drawing, the newest. */
const MOST = 500;

/** Properties of `TrendChart`. */
export interface TrendChartProps {
  readonly series: Series;
  /** True while the page is printed: nothing is folded. */
  readonly open: boolean;
}

/** A value over time: a drawing with its reference range as a band, and the same as a table. */
export function TrendChart({ series, open }: TrendChartProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const id = useId();
  const { points, unit, group } = series;
  const own = sayFhir(series.title, words);
  const title =
    group === undefined || typeof series.title !== 'string'
      ? own
      : `${sayFhir(group.title, words)}: ${own}`;
  const [newest] = points;
  const drawn = points.filter(isDrawable).slice(0, MOST);
  return (
    <figure className="trend" aria-labelledby={id}>
      <figcaption id={id}>
        <strong dir="auto">{title}</strong>
        {newest !== undefined && (
          <span>
            {sayFhir(newest.amount, words)} <FlagText flag={newest.flag} />
          </span>
        )}
      </figcaption>
      {drawn.length > 1 && <Drawing points={drawn} unit={unit} title={title} />}
      <details open={open}>
        <summary>{say('chart.table', { count: points.length })}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{say('fhir.measured')}</th>
              <th scope="col">{say('fhir.value')}</th>
              <th scope="col">{say('fhir.range')}</th>
            </tr>
          </thead>
          <tbody>
            {points.slice(0, MOST).map(({ amount, when, low, high, flag }, place) => (
              <tr key={place}>
                <td>{when === undefined ? say('chart.no-date') : sayFhir(when, words)}</td>
                <td>
                  {sayFhir(amount, words)} <FlagText flag={flag} />
                </td>
                <td>{rangeOf(low, high)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );

  function rangeOf(low?: number, high?: number): string {
    const [least, most] = [low, high].map(
      (each) => each !== undefined && { amount: String(each), value: each, unit },
    );
    if (!least && !most) return '';
    return sayFhir({ ...(least && { low: least }), ...(most && { high: most }) }, words);
  }
}

type Dated = Measurement & { readonly when: NonNullable<Measurement['when']> };

function isDrawable(point: Measurement): point is Dated {
  const values = [point.amount.value, point.low ?? 0, point.high ?? 0];
  return point.when !== undefined && values.every((each) => Math.abs(each) <= LARGEST);
}

function Drawing({
  points,
  unit,
  title,
}: {
  readonly points: readonly Dated[];
  readonly unit: string;
  readonly title: string;
}): ReactNode {
  const words = useWords();
  const { say, number } = words;
  const [newest, oldest] = [points[0], points.at(-1)];
  if (newest === undefined || oldest === undefined) return null;
  const { low, high } = newest;
  const values = points.map(({ amount }) => amount.value);
  const limits = [low, high].filter((each) => each !== undefined);
  const { x, y, ticks } = trendScale(
    points.map(({ when }) => when.at),
    [...values, ...limits],
    FRAME,
  );
  const [top, bottom] = [
    high === undefined ? FRAME.top : y(high),
    low === undefined ? FRAME.bottom : y(low),
  ];
  const label = say('chart.trend', {
    title,
    count: points.length,
    from: sayFhir(oldest.when, words),
    until: sayFhir(newest.when, words),
    first: sayFhir(oldest.amount, words),
    last: sayFhir(newest.amount, words),
  });
  const year = new Intl.DateTimeFormat(words.locale, { year: 'numeric', month: 'short' });
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {limits.length > 0 && (
        <rect
          className="range"
          x={FRAME.left}
          y={top}
          width={FRAME.right - FRAME.left}
          height={Math.max(0, bottom - top)}
        />
      )}
      {ticks.map((tick) => (
        <g key={tick}>
          <line className="tick" x1={FRAME.left} x2={FRAME.right} y1={y(tick)} y2={y(tick)} />
          <text x={FRAME.left - 6} y={y(tick) + 5} textAnchor="end">
            {number(tick)}
          </text>
        </g>
      ))}
      <polyline
        className="line"
        points={points.map(({ when, amount }) => `${x(when.at)},${y(amount.value)}`).join(' ')}
      />
      {points.map(({ when, amount, flag }, place) => (
        <path
          key={place}
          className={flag && flag.direction !== 'none' ? 'point odd' : 'point'}
          d={shapeAt(x(when.at), y(amount.value), flag?.direction)}
        />
      ))}
      <text x={FRAME.left} y={HEIGHT - 10}>
        {year.format(oldest.when.at)}
      </text>
      <text x={FRAME.right} y={HEIGHT - 10} textAnchor="end">
        {year.format(newest.when.at)} {unit && `· ${unit}`}
      </text>
    </svg>
  );
}

/** A point as a dot; above its range as a triangle that points up, below as one that points down. */
function shapeAt(x: number, y: number, direction: string | undefined): string {
  if (direction === 'up') return `M${x - 6},${y + 5}h12l-6,-11z`;
  if (direction === 'down') return `M${x - 6},${y - 5}h12l-6,11z`;
  if (direction === 'odd') return `M${x - 5},${y - 5}h10v10h-10z`;
  return `M${x - 4},${y}a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z`;
}
