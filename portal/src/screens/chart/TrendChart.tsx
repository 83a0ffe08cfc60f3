import { Fragment, useId, type ReactNode } from 'react';
import { saidRange } from '../../fhir/amountsInWords.ts';
import type { Series } from '../../fhir/measurementsOf.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { Table } from '../../ui/Table.tsx';
import { Value } from '../../ui/Value.tsx';
import { apart } from '../../words/readingOrder.ts';
import { useWords } from '../../words/useWords.tsx';
import { FlagText } from '../../ui/FlagText.tsx';
import { drawnOf, scaleOf, TrendCurve, trendInWords, type Dated } from './TrendCurve.tsx';
import trendLook from '../../ui/Trend.module.css';

const [WIDTH, HEIGHT] = [400, 210];
const FRAME = { left: 52, right: 388, top: 12, bottom: 176 };
/** Most rows of a table, the newest. */
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
  const drawn = drawnOf(points);
  return (
    <figure className={trendLook['trend']} aria-labelledby={id}>
      <figcaption id={id}>
        <strong dir="auto">{title}</strong>
        {newest !== undefined && (
          <span>
            <Value>{sayFhir(newest.amount, words)}</Value> <FlagText flag={newest.flag} />
          </span>
        )}
      </figcaption>
      {drawn.length > 1 && <Drawing points={drawn} unit={unit} title={title} />}
      <details open={open}>
        <summary>{say('chart.table', { count: points.length })}</summary>
        <Table
          isTitled
          look="small"
          caption={title}
          columns={[say('fhir.measured'), say('fhir.value'), say('fhir.range')]}
          rows={points.slice(0, MOST).map(({ amount, when, flag, ...ends }, place) => ({
            key: place,
            cells: [
              when === undefined ? say('chart.no-date') : sayFhir(when, words),
              <Fragment key="value">
                <Value>{sayFhir(amount, words)}</Value> <FlagText flag={flag} />
              </Fragment>,
              <Value key="range">{sayFhir(saidRange(ends, unit) ?? '', words)}</Value>,
            ],
          }))}
        />
      </details>
    </figure>
  );
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
  const [newest, oldest] = [points[0], points.at(-1)];
  if (newest === undefined || oldest === undefined) return null;
  const scale = scaleOf(points, FRAME);
  const { y, ticks } = scale;
  const year = new Intl.DateTimeFormat(words.locale, { year: 'numeric', month: 'short' });
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={trendInWords(points, title, words)}
    >
      <TrendCurve points={points} scale={scale} frame={FRAME}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line
              className={trendLook['tick']}
              x1={FRAME.left}
              x2={FRAME.right}
              y1={y(tick)}
              y2={y(tick)}
            />
            <text x={FRAME.left - 6} y={y(tick) + 5} textAnchor="end">
              {words.number(tick)}
            </text>
          </g>
        ))}
      </TrendCurve>
      <text x={FRAME.left} y={HEIGHT - 10}>
        {apart(year.format(oldest.when.at))}
      </text>
      <text x={FRAME.right} y={HEIGHT - 10} textAnchor="end">
        {apart(year.format(newest.when.at))} {unit && `· ${apart(unit)}`}
      </text>
    </svg>
  );
}
