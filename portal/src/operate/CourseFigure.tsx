import { useId, type ReactNode } from 'react';
import { Table } from '../ui/Table.tsx';
import { useWords } from '../words/useWords.tsx';
import { trendScale } from '../ui/trendScale.ts';
import type { Course } from './coursesOf.ts';
import trendLook from '../ui/Trend.module.css';

const [WIDTH, HEIGHT] = [240, 64];
const FRAME = { left: 6, right: 234, top: 7, bottom: 57 };
/** Rows of the table, the newest. */
const MOST = 30;

/** Properties of `CourseFigure`. */
export interface CourseFigureProps {
  /** Two points at least. */
  readonly course: Course;
}

/** A value of the node over the time that its page is open: a line, and the same in words and as a table. */
export function CourseFigure({ course: { what, points } }: CourseFigureProps): ReactNode {
  const { say, number, locale } = useWords();
  const id = useId();
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  const amount = (value: number): string => number(Math.round(value * 10) / 10);
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [from, until] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const title = say(`operate.course-${what}`);
  const scale = trendScale([from, until], [low, high], FRAME);
  const drawing = say('operate.course', {
    title,
    from: clock.format(from),
    until: clock.format(until),
    low: amount(low),
    high: amount(high),
  });
  return (
    <figure className={trendLook['trend']} aria-labelledby={id}>
      <figcaption id={id}>
        <strong>{title}</strong>
        <span>{amount(values.at(-1) ?? 0)}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={drawing}>
        <polyline
          className={trendLook['line']}
          points={points.map(({ at, value }) => `${scale.x(at)},${scale.y(value)}`).join(' ')}
        />
      </svg>
      <details>
        <summary>{say('operate.course-table', { count: Math.min(MOST, points.length) })}</summary>
        <Table
          caption={title}
          columns={[say('operate.time'), say('operate.value')]}
          rows={points
            .slice(-MOST)
            .toReversed()
            .map(({ at, value }) => ({ key: at, cells: [clock.format(at), amount(value)] }))}
        />
      </details>
    </figure>
  );
}
