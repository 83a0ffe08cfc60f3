import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import {
  knownRights,
  readAskedFor,
  requestAccess,
  withdrawRequest,
  type AccessAsked,
} from '../../../../src/client/index.ts';
import { ZERO32, type Handle } from '../../../../src/protocol/ids.ts';
import { ACTIONS } from '../../../../src/protocol/vocabulary.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { collectNews, readPeople } from '../../session/people.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { useTermsInWords } from '../share/useTermsInWords.ts';
import { stateOfAsked, type AskedState } from './stateOfAsked.ts';
import { usePatientNames } from './usePatientNames.ts';

/** Requests that are drawn before somebody asks for more. */
const FIRST = 50;
/** Style of each state, beside its words. */
const LOOKS: Readonly<Record<AskedState, string>> = {
  waiting: 'state',
  given: 'state holds',
  over: 'state expired',
  declined: 'state expired',
  withdrawn: 'state expired',
  expired: 'state expired',
};

/** The requests for access that the person made, each with its state, the newest first. */
export function AskedFor({ session }: ScreenProps): ReactNode {
  const { say, moment } = useWords();
  const inWords = useTermsInWords(true);
  const patientName = usePatientNames();
  const { party } = session;
  const [most, setMost] = useState(FIRST);
  const asking = useRun();
  const found = useTask(async () => {
    await collectNews(party);
    const [asked, rights] = [await readAskedFor(party), await knownRights(party)];
    return { asked: asked.toReversed(), rights, contacts: await readPeople(party) };
  }, [session]);
  if (found.state === 'working') return <Pending what={say('patients.reading')} />;
  if (found.state === 'failed') return <Failure error={found.error} again={found.again} />;
  const { asked, rights, contacts } = found.value;
  const now = seconds(party.clock);
  const nameOf = ({ request: { message } }: AccessAsked): string =>
    patientName(contacts, message.handle);
  const to = (handle: Handle): string =>
    session.role === 'insurer' ? '/inbox' : `/patients/${handle}`;
  const askAgain = ({ request: { message } }: AccessAsked): void =>
    asking.start(async () => {
      const { categories, record, purpose, from, until } = message.terms;
      await requestAccess(party, {
        handle: message.handle,
        categories,
        ...(record !== ZERO32 && { record }),
        actions: ACTIONS.filter((action) => message.terms[action]),
        purpose,
        // For as long as before, if that time has passed.
        until: until > now ? until : now + until - from,
      });
      found.again();
    });
  const withdraw = (each: AccessAsked): void =>
    asking.start(async () => {
      await withdrawRequest(party, each);
      found.again();
    });
  return (
    <Page title={say('patients.asked')} lead={say('patients.asked-lead')}>
      <p className="row">
        <Link href="/ask" className="button main">
          {say('patients.ask')}
        </Link>
        <Button onClick={found.again}>{say('common.refresh')}</Button>
      </p>
      {asking.error !== undefined && <Failure error={asking.error} />}
      {asking.busy && <Pending what={say('patients.asking')} />}
      {asked.length === 0 && <p>{say('patients.nothing-asked')}</p>}
      <ul className="cards">
        {asked.slice(0, most).map((each) => {
          const { handle, terms, deadline } = each.request.message;
          const state = stateOfAsked(each, rights, now);
          const who = nameOf(each);
          return (
            <li key={each.digest} className="card">
              <strong>{who}</strong>
              <span className={LOOKS[state]}>
                {say(`patients.state-${state}`, { until: moment(deadline) })}
              </span>
              <p>{inWords(terms)}</p>
              {state === 'given' ? (
                <Link href={to(handle)} className="button">
                  {say('patients.open-chart', { who })}
                </Link>
              ) : (
                <p className="row">
                  <Button busy={asking.busy} onClick={() => askAgain(each)}>
                    {say(state === 'waiting' ? 'patients.send-again' : 'patients.ask-again', {
                      who,
                    })}
                  </Button>
                  {state === 'waiting' && (
                    <Button busy={asking.busy} onClick={() => withdraw(each)}>
                      {say('patients.withdraw', { who })}
                    </Button>
                  )}
                </p>
              )}
            </li>
          );
        })}
      </ul>
      {asked.length > most && (
        <Button onClick={() => setMost(most + 200)}>
          {say('chart.show-more', { count: asked.length - most })}
        </Button>
      )}
    </Page>
  );
}
