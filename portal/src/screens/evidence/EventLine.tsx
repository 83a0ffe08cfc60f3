import type { ReactNode } from 'react';
import type { AuditEvent } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `EventLine`. */
export interface EventLineProps {
  readonly event: AuditEvent;
  readonly text: string;
  readonly when: string;
}

/** An event in words, with its proof a tap away. */
export function EventLine({ event, text, when }: EventLineProps): ReactNode {
  const { say } = useWords();
  const isProven = event.fault === undefined;
  const by = event.released?.map(({ organisation }) => organisation) ?? [];
  return (
    <>
      <span className="when">{when}</span>
      <span className="text">
        {text}
        {by.length > 0 && ` ${say('evidence.released', { by: by.join(', ') })}`}
      </span>
      <details>
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
