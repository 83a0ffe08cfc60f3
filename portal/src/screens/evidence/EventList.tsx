import type { ReactNode } from 'react';
import type { AuditEvent } from '../../../../src/client/index.ts';
import { List } from '../../ui/List.tsx';
import { keyOfEvent } from './keyOfEvent.ts';
import timelineLook from './Timeline.module.css';

/** Properties of `EventList`. */
export interface EventListProps {
  /** In the order in which they are shown. */
  readonly events: readonly AuditEvent[];
  /** Draws one of them. */
  readonly children: (event: AuditEvent) => ReactNode;
}

/** Events in their order; those that were refused stand out. */
export function EventList({ events, children }: EventListProps): ReactNode {
  return (
    <List
      isOrdered
      className={timelineLook['timeline']}
      lineClass={({ body }) => (body?.flag === 'R' ? timelineLook['refused'] : undefined)}
      items={events}
      keyOf={keyOfEvent}
    >
      {children}
    </List>
  );
}
