import { useState, type ReactNode } from 'react';
import { untoldRecords, type AuditEvent, type ViewedRecord } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import type { WordKey } from '../../words/WordKey.ts';
import { useWords } from '../../words/useWords.tsx';
import { LongList } from './LongList.tsx';
import timelineLook from './Timeline.module.css';

/** Properties of `EventLine`. */
export interface EventLineProps {
  readonly event: AuditEvent;
  readonly text: string;
  readonly when: string;
  /** Which records it was about, in words. */
  readonly about?: ReactNode;
  /** Of a view of several records: which they were. */
  readonly records?: readonly ViewedRecord[];
  /** The actions that a reader has for one of these records. */
  readonly actions?: (record: ViewedRecord) => ReactNode;
}

/** An event in words, with its proof a tap away; the records of a view of several are drawn when somebody opens it. */
export function EventLine(props: EventLineProps): ReactNode {
  const { event, text, when, about, records = [], actions } = props;
  const { say } = useWords();
  const [open, setOpen] = useState(false);
  const isProven = event.fault === undefined;
  const by = [...new Set(event.released?.map(({ organisation }) => organisation))];
  const untold = untoldRecords(event);
  return (
    <>
      <span className={`when ${timelineLook['moment']}`}>{when}</span>
      <span>
        {text}
        {by.length > 0 && ` ${say('evidence.released', { by: by.join(', ') })}`}
      </span>
      {about}
      <details onToggle={(toggled) => setOpen(toggled.currentTarget.open)}>
        <summary>
          {isProven ? `✓ ${say('evidence.proven')}` : `✗ ${say('evidence.not-proven')}`}
        </summary>
        <dl>
          <dt>{say('evidence.place')}</dt>
          <dd>
            <code>
              {event.log} #{event.index}
            </code>
          </dd>
          <dt>{say('evidence.entry')}</dt>
          <dd>
            <code>{event.entry}</code>
          </dd>
          {open && records.length + untold > 0 && (
            <>
              <dt>{say('evidence.records')}</dt>
              {records.length > 0 && (
                <dd>
                  <LongList items={records}>
                    {(each) => (
                      <li key={`${each.record}/${each.version}`}>
                        {say(categoryOf(each))} <code>{each.record.slice(0, 10)}…</code>{' '}
                        {!each.isAccepted && say('evidence.left-out')}
                        {each.released.length > 0 &&
                          say('evidence.released', { by: each.released.join(', ') })}
                        {actions?.(each)}
                      </li>
                    )}
                  </LongList>
                </dd>
              )}
              {untold > 0 && <dd>{say('evidence.untold', { count: untold })}</dd>}
            </>
          )}
          {event.fault !== undefined && (
            <>
              <dt>{say('evidence.fault')}</dt>
              <dd>{visibleText(event.fault)}</dd>
            </>
          )}
        </dl>
      </details>
    </>
  );
}

function categoryOf({ write }: ViewedRecord): WordKey {
  return write === undefined ? 'evidence.unlisted' : `common.category-${write.message.category}`;
}
