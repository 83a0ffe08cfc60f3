import { useMemo, useState, type ReactNode } from 'react';
import {
  pairOfEvent,
  type Audit,
  type AuditEvent,
  type ViewedRecord,
} from '../../../../src/client/index.ts';
import type { AuditProof } from '../../session/AuditProof.ts';
import { entryHere } from '../../session/entryHere.ts';
import { useAudit, type AuditShown } from '../../session/useAudit.ts';
import { useMistakes } from '../../session/useMistakes.ts';
import { useNames } from '../../session/useNames.ts';
import { useOwnTitles } from '../../session/useOwnTitles.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Page } from '../../ui/Page.tsx';
import { PendingAudit } from '../../ui/PendingAudit.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ReportMistake } from '../../messages/ReportMistake.tsx';
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
import { RecordsOfEvent } from './RecordsOfEvent.tsx';
import { useEventInWords } from './useEventInWords.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Everybody who saw, wrote or was refused something on the patient's chart, by day and person, with its proof. */
export function Evidence({ session }: ScreenProps): ReactNode {
  const { audit, proof, older, error, again, askAll } = useAudit(session);
  if (audit !== undefined && proof !== undefined) {
    return <EvidenceList {...{ session, audit, proof, older, error, again, askAll }} />;
  }
  return (
    <Awaiting
      on={{ busy: error === undefined, error }}
      what={<PendingAudit session={session} />}
      again={again}
    />
  );
}

interface EvidenceListProps
  extends Pick<ScreenProps, 'session'>, Pick<AuditShown, 'older' | 'error' | 'again' | 'askAll'> {
  readonly audit: Audit;
  readonly proof: AuditProof;
}

function EvidenceList(props: EvidenceListProps): ReactNode {
  const { session, audit, proof, older, error, again, askAll } = props;
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
  const titles = useOwnTitles(session, audit);
  const reports = useMistakes(session);
  const sayWrong = (event: AuditEvent, record?: ViewedRecord): ReactNode => {
    const author = event.body?.request.party ?? own;
    if (
      session.acting !== undefined ||
      author === own ||
      event.body === undefined ||
      event.fault !== undefined
    )
      return null;
    return (
      <ReportMistake
        quiet
        session={session}
        entry={async () => await entryHere(session, event)}
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
        about={<RecordsOfEvent event={event} writes={parts.writes} titles={titles} />}
        records={parts.recordsOf(event)}
        actions={(record): ReactNode => sayWrong(event, record)}
      />
      {sayWrong(event)}
    </>
  );
  return (
    <Page title={say('evidence.title')} lead={say('evidence.lead')}>
      <Failure error={error} again={again} />
      <AuditNotice audit={audit} again={again} asOf={{ session, proof }} />
      <EvidenceFilters filter={filter} onChange={setFilter} counts={counts} people={people} />
      <p role="status">{say('evidence.count', { count: shown.length })}</p>
      <EvidenceDays session={session} audit={audit} events={shown} parts={parts} line={line} />
      {older > 0 && (
        <p>
          {say('evidence.older', { count: older })}{' '}
          <Button onClick={askAll}>{say('evidence.show-older')}</Button>
        </p>
      )}
      <div className={classes['bar']}>
        <Button onClick={() => print()}>
          <Icon name="printer" />
          {say('evidence.print')}
        </Button>
        <Button onClick={again}>{say('common.refresh')}</Button>
        {session.acting === undefined && (
          <ButtonLink href="/files">{say('exchange.open')}</ButtonLink>
        )}
      </div>
    </Page>
  );
}
