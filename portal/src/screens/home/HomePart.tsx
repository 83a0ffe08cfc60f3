import { useId, type ReactNode } from 'react';
import type { Category } from '../../../../src/protocol/vocabulary.ts';
import { unreadIn } from '../../session/unreadIn.ts';
import type { OwnChart } from '../../session/useOwnChart.ts';
import { useWords } from '../../words/useWords.tsx';
import glanceLook from '../chart/Glance.module.css';

/** Content of any kind can be labelled as sensitive, and then has this category. */
export const LABELLED: Category = 'sensitive';

/** Properties of a part of a patient’s Home. */
export interface OwnPartProps {
  readonly own: OwnChart;
}

/** Properties of `HomePart`. */
export interface HomePartProps extends OwnPartProps {
  readonly title: string;
  /** Number of things in it. */
  readonly count: number;
  /** Category that it is read from. */
  readonly category: Category | readonly Category[];
  /** True if it takes the whole width. */
  readonly wide?: boolean;
  /** Stands below, also if there is nothing. */
  readonly below?: ReactNode;
  readonly children: ReactNode;
}

/** A part of one's own health. It says if records of it are still closed, and why it is empty. */
export function HomePart({
  own: { chart, state },
  title,
  count,
  category,
  wide = false,
  below,
  children,
}: HomePartProps): ReactNode {
  const { say } = useWords();
  const id = useId();
  const gap = unreadIn([category].flat(), state, chart);
  const isReading = gap === 'chart.still-reading';
  return (
    <section className={wide ? glanceLook['wide'] : undefined} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {count > 0 && children}
      {count === 0 && gap === undefined && (
        <p className={glanceLook['nothing']}>{say('home.nothing')}</p>
      )}
      {gap !== undefined && (
        <p className={glanceLook['nothing']}>
          {say(isReading ? 'chart.still-reading' : 'chart.read-stopped')}
        </p>
      )}
      {below}
    </section>
  );
}
