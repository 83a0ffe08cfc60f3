import { useMemo, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import {
  entryOfEvent,
  pairOfEvent,
  type Audit,
  type AuditEvent,
  type ViewedRecord,
} from '../../../../src/client/index.ts';
import { useAudit } from '../../session/useAudit.ts';
import { useMistakes } from '../../session/useMistakes.ts';
import { useNames } from '../../session/useNames.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Page } from '../../ui/Page.tsx';
import { PendingAudit } from '../../ui/PendingAudit.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ReportMistake } from '../mistakes/ReportMistake.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { AuditNotice } from './AuditNotice.tsx';
import classes from './Evidence.module.css';
import { EventLine } from './EventLine.tsx';
import { EvidenceDays } from './EvidenceDays.tsx';
import { EvidenceFilters } from './EvidenceFilters.tsx';
import { countKinds, filterEvidence, OTHERS } from './filterEvidence.ts';
import { namelessKind } from './namelessKind.ts';
import { partsOfViews } from './partsOfViews.ts';
import { peopleToChoose } from './peopleToChoose.ts';
import { useEventInWords } from './useEventInWords.ts';

/** Everybody who saw, wrote or was refused something on the patient's chart, by day and person, with its proof. */
export function Evidence({ session }: ScreenProps): ReactNode {
  const audit = useAudit(session);
  if (audit.state === 'working') return <PendingAudit session={session} />;
  if (audit.state === 'failed') return <Failure error={audit.error} again={audit.again} />;
  return <EvidenceList session={session} audit={audit.value} again={audit.again} />;
}

interface EvidenceListProps extends Pick<ScreenProps, 'session'> {
  readonly audit: Audit;
  /** Audits again. */
  readonly again: () => void;
}

function EvidenceList({ session, audit, again }: EvidenceListProps): ReactNode {
  const { say, moment } = useWords();
  const [filter, setFilter] = useState(OTHERS);
  const { address: own, primitives } = session.party;
  const events = useMemo(() => audit.logs.flatMap((log) => log.events), [audit]);
  const parts = useMemo(() => partsOfViews(primitives, events), [primitives, events]);
  const of = useMemo(() => ({ own, handle: audit.handle }), [own, audit.handle]);
  const shown = useMemo(() => filterEvidence(events, filter, of), [events, filter, of]);
  const counts = useMemo(() => countKinds(events, filter, of), [events, filter, of]);
  const parties = useMemo(
    () => [...new Set(events.flatMap(({ body }) => (body ? [body.request.party] : [])))],
    [events],
  );
  const nameOf = useNames(session, parties);
  const people = useMemo(
    () => peopleToChoose(events, audit.handle, nameOf),
    [events, audit.handle, nameOf],
  );
  const inWords = useEventInWords();
  const reports = useMistakes(session);
  const sayWrong = (event: AuditEvent, record?: ViewedRecord): ReactNode => {
    const author = event.body?.request.party ?? own;
    const entry = author === own ? undefined : entryOfEvent(audit, event);
    if (entry === undefined) return null;
    return (
      <ReportMistake
        quiet
        session={session}
        entry={entry}
        about={[event.entry, record?.record, record?.version].join('/')}
        provePair={record && (() => pairOfEvent(primitives, event, record))}
        who={nameOf(author)}
        known={reports.mistakes.filter(({ about }) => {
          const { record: which, version } = about;
          const isOf =
            record === undefined || (which === record.record && version === record.version);
          return about.entry === event.entry && isOf;
        })}
        onTold={reports.again}
      />
    );
  };
  const textOf = (event: AuditEvent): string => {
    const { body } = event;
    const nameless = namelessKind(event, audit.handle);
    if (nameless === 'unproven') return say('evidence.no-hold');
    if (nameless === 'foreign') return say('evidence.foreign');
    if (body === undefined) return say('evidence.erased');
    const records = parts.recordsOf(event);
    return inWords(nameOf(body.request.party), body, { records, isWhole: parts.isWhole(event) });
  };
  const line = (event: AuditEvent): ReactNode => (
    <>
      <EventLine
        event={event}
        text={textOf(event)}
        when={event.body === undefined ? '' : moment(event.body.at)}
        records={parts.recordsOf(event)}
        actions={(record): ReactNode => sayWrong(event, record)}
      />
      {sayWrong(event)}
    </>
  );
  return (
    <Page title={say('evidence.title')} lead={say('evidence.lead')}>
      <AuditNotice audit={audit} again={again} />
      <EvidenceFilters filter={filter} onChange={setFilter} counts={counts} people={people} />
      <p role="status">{say('evidence.count', { count: shown.length })}</p>
      <EvidenceDays session={session} audit={audit} events={shown} parts={parts} line={line} />
      <div className={classes['bar']}>
        <Button onClick={() => print()}>
          <Icon name="printer" />
          {say('evidence.print')}
        </Button>
        <Button onClick={again}>{say('common.refresh')}</Button>
        <Link href="/files" className="button">
          {say('exchange.open')}
        </Link>
      </div>
    </Page>
  );
}
