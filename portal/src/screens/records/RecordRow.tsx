import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { Chart } from '../../../../src/client/index.ts';
import { toMedsealError } from '../../../../src/errors/toMedsealError.ts';
import { CATEGORY_ICONS } from '../../ui/categoryIcons.ts';
import { Chip } from '../../ui/Chip.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { Objected } from '../../ui/Objected.tsx';
import { sayCode } from '../../words/sayCode.ts';
import { useWords } from '../../words/useWords.tsx';
import { dayOfYear } from './byYear.ts';
import type { LineWords } from './lineInWords.ts';
import type { RecordLine } from './recordLines.ts';
import classes from './RecordRow.module.css';
import { ValuesTold } from './ValuesTold.tsx';

/** Properties of `RecordRow`. */
export interface RecordRowProps {
  readonly chart: Chart;
  readonly line: RecordLine;
  readonly text: LineWords;
  /** Name of its author. */
  readonly who: string;
  /** True if the patient is its author. */
  readonly isOwn: boolean;
  /** Stands at the end of a record that is not opened by itself. */
  readonly opener: ReactNode;
}

/** A record in one line: its title, what is important about it, its kind, author and date. */
export function RecordRow({ chart, line, text, who, isOwn, opener }: RecordRowProps): ReactNode {
  const { say, locale } = useWords();
  const { record, results, state, when } = line;
  const { title, odd } = text;
  const kind = say(`common.category-${record.category}`);
  const isClosed = state === 'sensitive';
  const link = useRef<HTMLAnchorElement>(null);
  const wasClosed = useRef(isClosed);
  useLayoutEffect(() => {
    // The button that had the focus went as the record was opened.
    if (wasClosed.current && !isClosed) link.current?.focus();
    wasClosed.current = isClosed;
  }, [isClosed]);
  const body = (
    <>
      <Mark>
        <Icon name={CATEGORY_ICONS[record.category]} />
      </Mark>
      <span className={classes['record-words']}>
        <span className={classes.title}>
          <strong dir="auto">{title}</strong>
          {odd > 0 && (
            <Chip icon="triangle-alert" tone="danger">
              {say('records.out-of-range', { count: odd })}
            </Chip>
          )}
          {record.version > 1 && state === 'open' && <Chip>{say('records.corrected')}</Chip>}
          {record.category === 'sensitive' && !isClosed && (
            <Chip icon="lock-keyhole" tone="acting">
              {kind}
            </Chip>
          )}
        </span>
        <Said line={line} text={text} />
        {[record, ...results.map((each) => each.record)].map((each) => (
          <Objected key={each.record} chart={chart} record={each} />
        ))}
        <span className="by">
          {say('records.by-whom', { kind, who, own: isOwn ? 'yes' : 'no' })}
        </span>
      </span>
      <span className={classes.end}>
        <time className="when">{dayOfYear(when, locale)}</time>
        {!isClosed && <Icon name="chevron-right" />}
      </span>
    </>
  );
  return (
    <>
      {isClosed ? (
        <div className={classes['record-line']}>{body}</div>
      ) : (
        <Link ref={link} href={`/records/${record.record}`} className={classes['record-line']}>
          {body}
        </Link>
      )}
      {isClosed && opener}
      {results.map((each) => (
        <Link
          key={each.record.record}
          href={`/records/${each.record.record}`}
          className={classes.more}
        >
          {say('records.all-values', { count: each.items.length })}
        </Link>
      ))}
    </>
  );
}

/** The most important that a record says, or why it says nothing yet. */
function Said({
  line: { state, error },
  text: { values, count, title, fact },
}: Pick<RecordRowProps, 'line' | 'text'>): ReactNode {
  const words = useWords();
  const { say } = words;
  if (state === 'reading') return <span className="by">{say('chart.still-reading')}</span>;
  if (state === 'sensitive') return <span className="by">{say('records.sensitive')}</span>;
  if (state === 'large') return <span className="by">{say('records.large')}</span>;
  if (state === 'failed') {
    const { code, message } = toMedsealError(error);
    return <span className={classes.why}>{sayCode(words, code) ?? message}</span>;
  }
  if (values.length === 0) return fact === '' ? null : <span dir="auto">{fact}</span>;
  return <ValuesTold values={values} count={count} title={title} />;
}
