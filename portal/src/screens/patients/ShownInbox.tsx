import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { knownRights } from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { collectNews, readPeople } from '../../session/people.ts';
import { useRecordsNamed } from '../../session/useRecordsNamed.ts';
import { useTask } from '../../session/useTask.ts';
import { AddPerson } from '../../ui/AddPerson.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { AskLinks } from './AskLinks.tsx';
import { usePatientNames } from './usePatientNames.ts';
import { useTermsInWords } from '../share/useTermsInWords.ts';

/** Everything that patients show to an insurer: of each patient the rights, with what they cover and until when. */
export function ShownInbox({ session }: ScreenProps): ReactNode {
  const { say, moment } = useWords();
  const inWords = useTermsInWords(true, true);
  const patientName = usePatientNames();
  const { party } = session;
  const found = useTask(async () => {
    await collectNews(party);
    return { rights: await knownRights(party), contacts: await readPeople(party) };
  }, [session]);
  const rights = found.state === 'done' ? found.value.rights.toReversed() : [];
  const recordNamed = useRecordsNamed(
    session,
    rights.map(({ grant }) => ({ handle: grant.handle, record: grant.terms.record })),
  );
  if (found.state === 'working') return <Pending what={say('patients.reading')} />;
  if (found.state === 'failed') return <Failure error={found.error} again={found.again} />;
  const now = seconds(party.clock);
  const nameOf = (handle: string): string => patientName(found.value.contacts, handle);
  return (
    <Page title={say('inbox.menu')} lead={say('inbox.lead')}>
      <AskLinks onRefresh={found.again} />
      {rights.length === 0 && <p>{say('inbox.none')}</p>}
      {[...Map.groupBy(rights, ({ grant }) => grant.handle)].map(([handle, shown]) => (
        <section key={handle}>
          <h2>{nameOf(handle)}</h2>
          <ul className="cards">
            {shown.map(({ digest, grant: { terms } }) => {
              const isOver = terms.until <= now;
              const words = inWords(terms, recordNamed(terms.record));
              const state = isOver ? 'inbox.over' : 'patients.until';
              return (
                <li key={digest} className="card">
                  <span className={isOver ? 'state expired' : 'state holds'}>
                    {say(state, { until: moment(terms.until) })}
                  </span>
                  <p>{words}</p>
                  {!isOver && (
                    <Link href={`/inbox/${digest}`} className="button">
                      {say('inbox.open', { who: nameOf(handle) })}
                    </Link>
                  )}
                </li>
              );
            })}
          </ul>
        </section>
      ))}
      <AddPerson session={session} onAdded={found.again} />
    </Page>
  );
}
