import { useState, type ReactNode } from 'react';
import { untoldRecords, type AuditEvent, type ViewedRecord } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import type { WordKey } from '../../words/WordKey.ts';
import { useWords } from '../../words/useWords.tsx';
import { List } from '../../ui/List.tsx';
import { FactList } from '../../ui/FactList.tsx';
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
  const seen = [
    ...(records.length === 0
      ? []
      : [
          <List
            key="records"
            isOrdered
            className={timelineLook['timeline']}
            items={records}
            keyOf={(each) => `${each.record}/${each.version}`}
          >
            {(each) => (
              <>
                {say(categoryOf(each))} <code>{each.record.slice(0, 10)}…</code>{' '}
                {!each.isAccepted && say('evidence.left-out')}
                {each.released.length > 0 &&
                  say('evidence.released', { by: each.released.join(', ') })}
                {actions?.(each)}
              </>
            )}
          </List>,
        ]),
    ...(untold === 0 ? [] : [say('evidence.untold', { count: untold })]),
  ];
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
        <FactList
          isStacked
          facts={[
            [
              say('evidence.place'),
              <code key="place">
                {event.log} #{event.index}
              </code>,
            ],
            [say('evidence.entry'), <code key="entry">{event.entry}</code>],
            ...(open && seen.length > 0 ? [[say('evidence.records'), ...seen] as const] : []),
            ...(event.fault === undefined
              ? []
              : [[say('evidence.fault'), visibleText(event.fault)] as const]),
          ]}
        />
      </details>
    </>
  );
}

function categoryOf({ write }: ViewedRecord): WordKey {
  return write === undefined ? 'evidence.unlisted' : `common.category-${write.message.category}`;
}
