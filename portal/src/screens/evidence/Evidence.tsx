import { useMemo, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import {
  entryOfEvent,
  pairOfEvent,
  type AuditEvent,
  type ViewedRecord,
} from '../../../../src/client/index.ts';
import { useAudit } from '../../session/useAudit.ts';
import { useMistakes } from '../../session/useMistakes.ts';
import { useNames } from '../../session/useNames.ts';
import { Button } from '../../ui/Button.tsx';
import { Page } from '../../ui/Page.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { PendingAudit } from '../../ui/PendingAudit.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ReportMistake } from '../mistakes/ReportMistake.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { Fold } from '../chart/Fold.tsx';
import { AuditNotice } from './AuditNotice.tsx';
import { EventLine, type EventLineProps } from './EventLine.tsx';
import { LongList } from './LongList.tsx';
import { groupVisits, type EvidenceLine } from './groupVisits.ts';
import { keyOfEvent } from './keyOfEvent.ts';
import { partsOfViews } from './partsOfViews.ts';
import { useEventInWords } from './useEventInWords.ts';

/** Everybody who saw, wrote or was refused something on the patient's chart, with its proof. */
export function Evidence({ session }: ScreenProps): ReactNode {
  const { say, moment, day } = useWords();
  const [who, setWho] = useState('');
  const [only, setOnly] = useState<'all' | 'others' | 'refused'>('others');
  const audit = useAudit(session);
  const found = audit.state === 'done' ? audit.value : undefined;
  const events = useMemo(() => found?.logs.flatMap((log) => log.events) ?? [], [found]);
  const { primitives } = session.party;
  const parts = useMemo(() => partsOfViews(primitives, events), [primitives, events]);
  const parties = events.flatMap(({ body }) => (body ? [body.request.party] : []));
  const nameOf = useNames(session, parties);
  const inWords = useEventInWords();
  const reports = useMistakes(session);
  if (audit.state === 'working') return <PendingAudit session={session} />;
  if (audit.state === 'failed') return <Failure error={audit.error} again={audit.again} />;
  const own = session.party.address;
  const shown = events
    .filter(({ body }) => only !== 'others' || body?.request.party !== own)
    .filter(({ body }) => only !== 'refused' || body?.flag === 'R')
    .filter(({ body }) => who === '' || body?.request.party === who)
    .toSorted((left, right) => (right.body?.at ?? 0) - (left.body?.at ?? 0));
  const sayWrong = (event: AuditEvent, record?: ViewedRecord): ReactNode => {
    const author = event.body?.request.party ?? own;
    const entry = author === own ? undefined : entryOfEvent(audit.value, event);
    if (entry === undefined) return null;
    return (
      <ReportMistake
        quiet
        session={session}
        entry={entry}
        provePair={record && (() => pairOfEvent(primitives, event, record))}
        who={nameOf(author)}
        known={reports.mistakes.filter(({ about }) => {
          const isOf = record === undefined || about.record === record.record;
          return about.entry === event.entry && isOf;
        })}
        onTold={reports.again}
      />
    );
  };
  const lines = groupVisits(shown, day);
  const told = (event: AuditEvent): Omit<EventLineProps, 'event'> => {
    const { body } = event;
    if (body === undefined) return { text: say('evidence.erased'), when: '' };
    const records = parts.recordsOf(event);
    const isWhole = parts.isWhole(event);
    const text = inWords(nameOf(body.request.party), body, { records, isWhole });
    const actions = (record: ViewedRecord): ReactNode => sayWrong(event, record);
    return { text, when: moment(body.at), records, actions };
  };
  const foldText = (fold: NonNullable<EvidenceLine['fold']>): string => {
    const { party, message } = fold.body.request;
    const who = nameOf(party);
    if (fold.kind === 'batches') return say('evidence.did-batches', { who, batches: fold.batches });
    const { lists, records } = fold;
    const both = lists > 0 && records > 0 ? 'yes' : 'no';
    const purpose = say(`common.purpose-${message.purpose}`);
    return say('evidence.did-visit', { who, lists, records, both, purpose });
  };
  return (
    <Page title={say('evidence.title')} lead={say('evidence.lead')}>
      <AuditNotice audit={audit.value} again={audit.again} />
      <div className="row">
        <label>
          {say('evidence.show')}{' '}
          <select value={only} onChange={(event) => setOnly(event.target.value as typeof only)}>
            {(['others', 'all', 'refused'] as const).map((each) => (
              <option key={each} value={each}>
                {say(`evidence.only-${each}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {say('evidence.by-whom')}{' '}
          <select value={who} onChange={(event) => setWho(event.target.value)}>
            <option value="">{say('evidence.anybody')}</option>
            {[...new Set(parties)].map((party) => (
              <option key={party} value={party}>
                {nameOf(party)}
              </option>
            ))}
          </select>
        </label>
        <Button onClick={audit.again}>{say('common.refresh')}</Button>
        <Link href="/files" className="button">
          {say('exchange.open')}
        </Link>
      </div>
      <p role="status">{say('evidence.count', { count: shown.length })}</p>
      <LongList key={`${only} ${who}`} items={lines}>
        {({ events: [event, ...others], fold }) => (
          <li
            // The oldest names a line: it stays unfolded while newer views come.
            key={keyOfEvent(others.at(-1) ?? event)}
            className={event.body?.flag === 'R' ? 'refused' : ''}
          >
            {fold === undefined ? (
              <>
                <EventLine event={event} {...told(event)} />
                {sayWrong(event)}
              </>
            ) : (
              <Fold
                printing={false}
                label={
                  <>
                    <span className="when">{moment(fold.body.at)}</span>{' '}
                    <span className="text">{foldText(fold)}</span>
                  </>
                }
              >
                {() => (
                  <LongList items={[event, ...others]}>
                    {(each) => (
                      <li key={keyOfEvent(each)}>
                        <EventLine event={each} {...told(each)} />
                        {sayWrong(each)}
                      </li>
                    )}
                  </LongList>
                )}
              </Fold>
            )}
          </li>
        )}
      </LongList>
    </Page>
  );
}
