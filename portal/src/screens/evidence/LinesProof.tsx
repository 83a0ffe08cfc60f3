import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { AuditEvent } from '../../../../src/client/index.ts';
import { Icon } from '../../ui/Icon.tsx';
import { useWords } from '../../words/useWords.tsx';
import classes from './Evidence.module.css';
import { EventList } from './EventList.tsx';

/** Properties of `LinesProof`. */
export interface LinesProofProps {
  readonly events: readonly AuditEvent[];
  /** True if the lines are shown as proven. */
  readonly isProven: boolean;
  /** Draws one line with its proof. */
  readonly line: (event: AuditEvent) => ReactNode;
}

/** One mark that says that the lines are proven, and opens to each of them with its proof. */
export function LinesProof({ events, isProven, line }: LinesProofProps): ReactNode {
  const { say } = useWords();
  const [open, setOpen] = useState(false);
  const count = events.length;
  return (
    <details
      className={`${classes['checked']} ${isProven ? '' : classes['bad']}`}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <Icon name={isProven ? 'shield-check' : 'shield-x'} />
        {say(isProven ? 'evidence.lines' : 'evidence.lines-bad', { count })}
        <Icon name="chevron-down" />
      </summary>
      {open && (
        <>
          <EventList events={events}>{line}</EventList>
          {isProven && (
            <p>
              <Link href="/rights">{say('evidence.access')}</Link>
            </p>
          )}
        </>
      )}
    </details>
  );
}
