import type { ReactNode } from 'react';
import type { AuditEvent, WrittenVersions } from '../../../../src/client/index.ts';
import type { Titles } from '../../session/titles.ts';
import { ActRecords } from './ActRecords.tsx';
import { actsInGroup } from './actsInGroup.ts';
import { kindOfEvent } from './kindOfEvent.ts';

/** Properties of `RecordsOfEvent`. */
export interface RecordsOfEventProps {
  readonly event: AuditEvent;
  /** The writes of the audit, for the kinds of records. */
  readonly writes: WrittenVersions;
  /** Titles that the patient's device or session knows. */
  readonly titles: Titles;
}

/** Says which records an event let somebody read, or put on the chart; nothing for any other event. */
export function RecordsOfEvent({ event, writes, titles }: RecordsOfEventProps): ReactNode {
  if (event.fault !== undefined || kindOfEvent(event) === 'devices') return null;
  const records = actsInGroup([event], writes).flatMap((act) => act.records);
  return records.length > 0 && <ActRecords records={records} titles={titles} />;
}
