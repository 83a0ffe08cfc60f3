import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { knownRights, readMistakes, type KnownRight } from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { collectNews, readPeople } from '../../session/people.ts';
import { useTask } from '../../session/useTask.ts';
import { AddPerson } from '../../ui/AddPerson.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';
import { AskLinks } from './AskLinks.tsx';
import { usePatientNames } from './usePatientNames.ts';
import { useTermsInWords } from '../share/useTermsInWords.ts';
import { FormerKeys } from '../home/FormerKeys.tsx';
import type { ScreenProps } from '../ScreenProps.ts';

/** The people who gave this reader a right, and until when it holds. */
export function Patients({ session }: ScreenProps): ReactNode {
  const { say, moment } = useWords();
  const inWords = useTermsInWords(true, true);
  const patientName = usePatientNames();
  const { party } = session;
  const found = useTask(async () => {
    const { formerKeys } = await collectNews(party);
    const [rights, contacts] = [await knownRights(party), await readPeople(party)];
    const told = (await readMistakes(party)).filter(({ to }) => to === party.address);
    return {
      rights,
      contacts,
      formerKeys,
      open: told.filter(({ answer }) => answer === undefined).length,
    };
  }, [session]);
  if (found.state === 'working') return <Pending what={say('patients.reading')} />;
  if (found.state === 'failed') return <Failure error={found.error} again={found.again} />;
  const now = seconds(party.clock);
  const standing = found.value.rights.filter(({ grant }) => grant.terms.until > now);
  const byPatient = Map.groupBy(standing, ({ grant }) => grant.handle);
  const nameOf = (handle: string): string => patientName(found.value.contacts, handle);
  return (
    <Page title={say('patients.title')} lead={say('patients.lead')}>
      <AskLinks onRefresh={found.again} />
      <FormerKeys session={session} senders={found.value.formerKeys} />
      {found.value.open > 0 && (
        <Notice kind="warn">
          <Link href="/mistakes">{say('mistakes.wait-for-you', { count: found.value.open })}</Link>
        </Notice>
      )}
      {byPatient.size === 0 && <p>{say('patients.none')}</p>}
      <ul className="cards">
        {[...byPatient].map(([handle, rights]) => (
          <li key={handle}>
            <Link href={`/patients/${handle}`} className="card">
              <strong>{nameOf(handle)}</strong>
              <span>{say('patients.until', { until: moment(lastOf(rights)) })}</span>
              {rights.map(({ digest, grant }) => (
                <span key={digest} className="by">
                  {inWords(grant.terms)}
                </span>
              ))}
            </Link>
          </li>
        ))}
      </ul>
      <AddPerson session={session} onAdded={found.again} />
    </Page>
  );
}

function lastOf(rights: readonly KnownRight[]): number {
  return Math.max(...rights.map(({ grant }) => grant.terms.until));
}
