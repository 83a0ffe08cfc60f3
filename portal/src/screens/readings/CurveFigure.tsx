import { useId, type ReactNode } from 'react';
import type { TimeSpan } from '../../../../src/client/index.ts';
import { mdcCodeOf } from '../../../../src/fhir/sensors/mdcCodes.ts';
import { Chip } from '../../ui/Chip.tsx';
import { Table } from '../../ui/Table.tsx';
import { apart, unturned } from '../../words/readingOrder.ts';
import { useWords } from '../../words/useWords.tsx';
import { trendScale } from '../../ui/trendScale.ts';
import { besideUsual, CLINICAL_SCALES } from '../../fhir/clinicalScales.ts';
import type { Curve } from './curvesOf.ts';
import { pathOfPiece } from './pathOfPiece.ts';
import { rowsOfCurve } from './rowsOfCurve.ts';
import trendLook from '../../ui/Trend.module.css';
import classes from './CurveFigure.module.css';

const [WIDTH, HEIGHT] = [400, 240];
const FRAME = { left: 52, right: 392, top: 12, bottom: 200 };

/** Properties of `CurveFigure`. */
export interface CurveFigureProps {
  readonly curve: Curve;
  readonly span: TimeSpan;
}

/** A curve over a span of time: a drawing in which gaps are gaps, and the same as a table. */
export function CurveFigure({ curve, span }: CurveFigureProps): ReactNode {
  const { say, sayIfKnown, locale } = useWords();
  const id = useId();
  const { code, pieces } = curve;
  const mdc = mdcCodeOf(code);
  const title = sayIfKnown(`readings.code-${code}`) ?? say('readings.code', { code });
  const values = pieces.flatMap(({ points }) => points.map(({ value }) => value));
  const newest = pieces.at(-1)?.points.at(-1);
  const digits = mdc?.digits ?? 2;
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  const amounts = new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
  // Marks of the scale lie between whole numbers too.
  const marks = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
  const { unitText = '' } = mdc ?? {};
  const [ofWhat] = unitText.split('/minute');
  const unit = sayIfKnown(`readings.unit-${ofWhat}`) ?? unitText;
  const amount = (value: number): string =>
    unturned(`${amounts.format(value)} ${unit}`.trim(), locale);
  if (newest === undefined) return null;
  const [low, high] = [leastOf(values), -leastOf(values.map((each) => -each))];
  const clinical = CLINICAL_SCALES.get(code);
  const usual = clinical?.usual;
  const moments = [span.from, span.until];
  const { x, y, ticks } = trendScale(moments, [low, high], FRAME, clinical?.shown);
  const ends = usual && { low: amount(usual[0]), high: amount(usual[1]) };
  const beside = usual && besideUsual(newest.value, usual, digits);
  const gaps = pieces.slice(1).map(({ points }, place) => ({
    from: pieces[place]?.points.at(-1)?.at ?? 0,
    until: points[0]?.at ?? 0,
  }));
  const { rows, more } = rowsOfCurve(curve);
  const drawing = say('readings.drawing', {
    title,
    from: clock.format(span.from),
    until: clock.format(span.until),
    low: amount(low),
    high: amount(high),
    gaps: gaps.length,
  });
  const usualSaid = ends && say('readings.usual', ends);
  return (
    <figure className={`${trendLook['trend']} ${classes['curve']}`} aria-labelledby={id}>
      <figcaption id={id}>
        <strong>{title}</strong>
        {!curve.wave && <span>{amount(newest.value)}</span>}
        {beside !== undefined && (
          <Chip icon="triangle-alert" tone="danger">
            {say(`readings.${beside}-usual`)}
          </Chip>
        )}
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={[drawing, usualSaid].filter(Boolean).join(' ')}
      >
        {usual !== undefined && (
          <rect
            className={trendLook['range']}
            x={FRAME.left}
            y={y(usual[1])}
            width={FRAME.right - FRAME.left}
            height={y(usual[0]) - y(usual[1])}
          />
        )}
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
              {marks.format(tick)}
            </text>
          </g>
        ))}
        {gaps.map(({ from, until }) => (
          <g key={from} className={classes['gap']}>
            <rect
              x={x(from)}
              y={FRAME.top}
              width={Math.max(1, x(until) - x(from))}
              height={FRAME.bottom - FRAME.top}
            />
            {x(until) - x(from) > 60 && (
              <text x={(x(from) + x(until)) / 2} y={FRAME.top + 18} textAnchor="middle">
                {say('readings.gap')}
              </text>
            )}
          </g>
        ))}
        {pieces.map(({ points, late }, place) => (
          <path
            key={place}
            className={late ? `${trendLook['line']} ${classes['late']}` : trendLook['line']}
            d={pathOfPiece(points, { x, y }, FRAME.right - FRAME.left)}
          />
        ))}
        <text x={FRAME.left} y={HEIGHT - 12}>
          {apart(clock.format(span.from))}
        </text>
        <text x={FRAME.right} y={HEIGHT - 12} textAnchor="end">
          {apart(clock.format(span.until))} {unit !== '' && `· ${apart(unit)}`}
        </text>
      </svg>
      {usualSaid !== undefined && <p className="by">{usualSaid}</p>}
      {gaps.length > 0 && <p>{say('readings.gaps', { count: gaps.length })}</p>}
      {pieces.some(({ late }) => late) && <p>{say('readings.late')}</p>}
      <details>
        <summary>{say('readings.table', { count: values.length })}</summary>
        {more && <p>{say('readings.table-newest')}</p>}
        <Table
          caption={title}
          columns={[say('readings.time'), say('readings.value')]}
          rows={rows.map((row, key) => ({
            key,
            cells:
              'gap' in row
                ? [`${clock.format(row.from)} – ${clock.format(row.until)}`, say('readings.none')]
                : [
                    clock.format(row.at),
                    [
                      row.low === row.high
                        ? amount(row.low)
                        : say('readings.range', { low: amount(row.low), high: amount(row.high) }),
                      row.late && say('readings.came-late'),
                    ]
                      .filter(Boolean)
                      .join(' '),
                  ],
          }))}
        />
      </details>
    </figure>
  );
}

function leastOf(values: readonly number[]): number {
  return values.reduce((least, each) => Math.min(least, each), Infinity);
}
