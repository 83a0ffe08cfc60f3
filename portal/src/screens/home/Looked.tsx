import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Audit, AuditEvent } from '../../../../src/client/index.ts';
import type { Session } from '../../session/Session.ts';
import type { NameOf } from '../../session/useNames.ts';
import { useWords } from '../../words/useWords.tsx';
import { useEventInWords } from '../evidence/useEventInWords.ts';
import glanceLook from '../chart/Glance.module.css';
import { EventList } from '../evidence/EventList.tsx';
import timelineLook from '../evidence/Timeline.module.css';
import { LookedRecords } from './LookedRecords.tsx';

/** Lines that are shown; `Who saw what` has the rest. */
const MOST = 3;

/** Properties of `Looked`. */
export interface LookedProps {
  readonly session: Session;
  /** The audit that has the events. */
  readonly audit: Audit;
  /** Events that others caused since the last visit, or the last that are known, the newest first. */
  readonly events: readonly AuditEvent[];
  /** True if it is not known yet which are new. */
  readonly isOld: boolean;
  readonly nameOf: NameOf;
  /** Says how far that is proven. */
  readonly children: ReactNode;
}

/** Tells who looked, added or was refused. Batches of a device come by the hundred, and have a screen of their own. */
export function Looked(props: LookedProps): ReactNode {
  const { session, audit, events, isOld, nameOf, children } = props;
  const { say, moment } = useWords();
  const inWords = useEventInWords();
  const shown = events.filter(({ body }) => body !== undefined && body.readings === undefined);
  return (
    <section>
      <h2>{say('home.looked', { count: isOld ? 0 : shown.length })}</h2>
      {shown.length === 0 && !isOld && (
        <p className={glanceLook['nothing']}>{say('home.nobody-looked')}</p>
      )}
      <EventList events={shown.slice(0, MOST)}>
        {(event) => {
          const { body } = event;
          return (
            body !== undefined && (
              <>
                <span className={`when ${timelineLook['moment']}`}>{moment(body.at)}</span>
                <span>{inWords(nameOf(body.request.party), body)}</span>
                <LookedRecords session={session} audit={audit} event={event} />
              </>
            )
          );
        }}
      </EventList>
      {children}
      <p>
        <Link href="/evidence">{say('evidence.title')}</Link>
      </p>
    </section>
  );
}
