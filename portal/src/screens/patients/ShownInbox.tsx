import type { ReactNode } from 'react';
import { knownRights } from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { collectNews, readPeople } from '../../session/people.ts';
import { useRecordsNamed } from '../../session/useRecordsNamed.ts';
import { useTask } from '../../session/useTask.ts';
import { AddPerson } from '../../ui/AddPerson.tsx';
import { Page } from '../../ui/Page.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { AskLinks } from './AskLinks.tsx';
import { usePatientNames } from './usePatientNames.ts';
import { useTermsInWords } from '../share/useTermsInWords.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';
import { StateText } from '../../ui/StateText.tsx';

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
  if (found.state !== 'done') return <Awaiting on={found} what={say('patients.reading')} />;
  const now = seconds(party.clock);
  const nameOf = (handle: string): string => patientName(found.value.contacts, handle);
  return (
    <Page title={say('inbox.menu')} lead={say('inbox.lead')}>
      <AskLinks onRefresh={found.again} />
      {rights.length === 0 && <p>{say('inbox.none')}</p>}
      {[...Map.groupBy(rights, ({ grant }) => grant.handle)].map(([handle, shown]) => (
        <section key={handle}>
          <h2>{nameOf(handle)}</h2>
          <List items={shown} keyOf={({ digest }) => digest}>
            {({ digest, grant: { terms } }) => {
              const isOver = terms.until <= now;
              const words = inWords(terms, recordNamed(terms.record));
              const state = isOver ? 'inbox.over' : 'patients.until';
              return (
                <>
                  <StateText state={isOver ? 'expired' : 'holds'}>
                    {say(state, { until: moment(terms.until) })}
                  </StateText>
                  <p>{words}</p>
                  {!isOver && (
                    <ButtonLink href={`/inbox/${digest}`}>
                      {say('inbox.open', { who: nameOf(handle) })}
                    </ButtonLink>
                  )}
                </>
              );
            }}
          </List>
        </section>
      ))}
      <AddPerson session={session} onAdded={found.again} />
    </Page>
  );
}
