import type { ReactNode } from 'react';
import { Link } from 'wouter';
import {
  knownRights,
  ordersKept,
  readMistakes,
  type KnownRight,
  type Party,
  waitsForAnswer,
} from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { endsSoon } from '../../messages/endsSoon.ts';
import { lastKnown } from '../../session/lastKnown.ts';
import { collectNews, readPeople } from '../../session/people.ts';
import { factsKept, type FactsKept } from '../../session/factsKept.ts';
import { useTask } from '../../session/useTask.ts';
import { AsOf } from '../../ui/AsOf.tsx';
import { AddPerson } from '../../ui/AddPerson.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import { AskLinks } from './AskLinks.tsx';
import { dayOfPatients, type PatientOfDay } from './dayOfPatients.ts';
import { FactsLine } from './FactsLine.tsx';
import { usePatientNames } from './usePatientNames.ts';
import { useTermsInWords } from '../share/useTermsInWords.ts';
import { FormerKeys } from '../home/FormerKeys.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import cardLook from '../../ui/Card.module.css';

/** The people who gave this reader a right, and until when it holds: those of this day first, as far as the device knows. */
export function Patients({ session }: ScreenProps): ReactNode {
  const { say, moment } = useWords();
  const inWords = useTermsInWords(true, true);
  const patientName = usePatientNames();
  const { party } = session;
  const found = useTask(async () => {
    const { value, asOf } = await lastKnown(
      session,
      'patients',
      async () => await readPatients(party),
    );
    const now = seconds(party.clock);
    const standing = value.rights.filter(({ grant }) => grant.terms.until > now);
    const byPatient = Map.groupBy(standing, ({ grant }) => grant.handle);
    const kept = new Map<string, FactsKept | undefined>();
    for (const handle of new Set(value.rights.map(({ grant }) => grant.handle))) {
      const salts = (byPatient.get(handle) ?? []).map(({ grant }) => grant.terms.salt);
      kept.set(handle, await factsKept(party, handle, salts));
    }
    const patients = [...byPatient].map(([handle, rights]) => ({
      handle,
      name: patientName(value.contacts, handle),
      rights,
      seen: kept.get(handle)?.at,
    }));
    const waiting = { own: party.address, orders: value.orders, messages: value.messages };
    const day = dayOfPatients(
      patients,
      waiting,
      new Date(party.clock.now()).setHours(0, 0, 0, 0) / 1000,
    );
    return { known: value, asOf, byPatient, kept, day };
  }, [session]);
  if (found.state !== 'done') return <Awaiting on={found} what={say('patients.reading')} />;
  const { known, asOf, byPatient, kept, day } = found.value;
  const nameOf = (handle: string): string => patientName(known.contacts, handle);
  const part = (title: string | undefined, some: readonly PatientOfDay[]): ReactNode =>
    some.length > 0 && (
      <section>
        {title !== undefined && <h2>{title}</h2>}
        <List items={some} keyOf={({ handle }) => handle} look="own">
          {({ handle, reasons }) => {
            const rights = byPatient.get(handle) ?? [];
            return (
              <Link href={`/patients/${handle}`} className={cardLook['card']}>
                <span className="row">
                  <strong>{nameOf(handle)}</strong>
                  {reasons.map((reason) => (
                    <Chip
                      key={reason}
                      {...(reason === 'critical' && { icon: 'triangle-alert', tone: 'danger' })}
                    >
                      {say(`patients.day-${reason}`)}
                    </Chip>
                  ))}
                </span>
                <FactsLine facts={kept.get(handle)} now={party.clock.now()} />
                <span className="by">
                  {say('patients.until', { until: moment(lastOf(rights)) })}
                </span>
                {endsSoon(rights, seconds(party.clock)) !== undefined && (
                  <strong>{say('patients.ends-soon')}</strong>
                )}
                {rights.map(({ digest, grant }) => (
                  <span key={digest} className="by">
                    {inWords(grant.terms)}
                  </span>
                ))}
              </Link>
            );
          }}
        </List>
      </section>
    );
  return (
    <Page title={say('patients.title')} lead={say('patients.lead')}>
      <AskLinks onRefresh={found.again} />
      <AsOf at={asOf} again={found.again} />
      <FormerKeys session={session} senders={known.formerKeys} />
      {known.messages.length > 0 && (
        <Notice kind="warn">
          <Link href="/mistakes">
            {say('mistakes.wait-for-you', { count: known.messages.length })}
          </Link>
        </Notice>
      )}
      {byPatient.size === 0 && <p>{say('patients.none')}</p>}
      {part(say('patients.today'), day.today)}
      {part(day.today.length === 0 ? undefined : say('patients.others'), day.others)}
      <AddPerson session={session} onAdded={found.again} />
    </Page>
  );
}

/** Takes the letters, and returns the rights and people that are known then, and the orders and messages that may wait. */
async function readPatients(party: Party) {
  const { formerKeys } = await collectNews(party);
  const [rights, contacts] = [await knownRights(party), await readPeople(party)];
  const told = (await readMistakes(party)).filter(({ to }) => to === party.address);
  const messages = told.filter(waitsForAnswer);
  return { rights, contacts, formerKeys, messages, orders: await ordersKept(party) };
}

function lastOf(rights: readonly KnownRight[]): number {
  return Math.max(...rights.map(({ grant }) => grant.terms.until));
}
