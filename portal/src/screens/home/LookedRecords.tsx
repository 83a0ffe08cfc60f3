import { useMemo, type ReactNode } from 'react';
import { writesIn, type Audit, type AuditEvent } from '../../../../src/client/index.ts';
import type { Session } from '../../session/Session.ts';
import { useOwnTitles } from '../../session/useOwnTitles.ts';
import { RecordsOfEvent } from '../evidence/RecordsOfEvent.tsx';

/** Properties of `LookedRecords`. */
export interface LookedRecordsProps {
  readonly session: Session;
  readonly audit: Audit;
  readonly event: AuditEvent;
}

/** Says below a line of Home which records it was about. */
export function LookedRecords({ session, audit, event }: LookedRecordsProps): ReactNode {
  const titles = useOwnTitles(session, audit);
  const writes = useMemo(() => writesIn(audit.logs.flatMap(({ events }) => events)), [audit]);
  return <RecordsOfEvent event={event} writes={writes} titles={titles} />;
}
