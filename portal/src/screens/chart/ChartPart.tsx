import { useId, type ReactNode } from 'react';
import type { Category } from '../../../../src/protocol/vocabulary.ts';
import { useWords } from '../../words/useWords.tsx';
import type { ChartState } from '../../session/ChartReader.ts';
import classes from './ChartPart.module.css';
import glanceLook from './Glance.module.css';

/** Properties of `Part`. */
export interface ChartPartProps {
  readonly title: string;
  /** Number of things in it. */
  readonly count: number;
  /** Category that it is read from. */
  readonly category?: Category;
  /** Categories that the right covers. */
  readonly covered: readonly Category[];
  /** Tells if all records have been opened, so that what is not there is not in them. */
  readonly state: Pick<ChartState, 'finished' | 'error'>;
  readonly children: ReactNode;
}

/**
 * A part of a chart with its heading. One that is empty says why: it is still being read, reading it stopped, the right does not
 * cover it, or nothing is recorded, which does not mean that there is nothing.
 */
export function ChartPart({
  title,
  count,
  category,
  covered,
  state,
  children,
}: ChartPartProps): ReactNode {
  const { say } = useWords();
  const id = useId();
  const isCovered = category === undefined || covered.includes(category);
  const why = isCovered ? whyEmpty(state) : 'chart.not-covered';
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {title} {count > 0 && <span className={classes['amount']}>({count})</span>}
      </h2>
      {count > 0 ? (
        children
      ) : (
        <p
          className={
            isCovered
              ? glanceLook['nothing']
              : `${glanceLook['nothing']} ${glanceLook['uncovered']}`
          }
        >
          {say(why)}
        </p>
      )}
    </section>
  );
}

function whyEmpty({
  finished,
  error,
}: ChartPartProps['state']): 'chart.nothing' | 'chart.still-reading' | 'chart.read-stopped' {
  if (error !== undefined) return 'chart.read-stopped';
  return finished ? 'chart.nothing' : 'chart.still-reading';
}
