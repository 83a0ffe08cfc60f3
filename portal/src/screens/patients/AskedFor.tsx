import type { ReactNode } from 'react';
import { knownRights, readAskedFor, type AccessAsked } from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { collectNews, readPeople } from '../../session/people.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Page } from '../../ui/Page.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { useTermsInWords } from '../share/useTermsInWords.ts';
import { AskedActs } from './AskedActs.tsx';
import { stateOfAsked, type AskedState } from './stateOfAsked.ts';
import { usePatientNames } from './usePatientNames.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';
import { StateText } from '../../ui/StateText.tsx';

/** Style of each state, beside its words. */
const LOOKS: Readonly<Record<AskedState, string | undefined>> = {
  waiting: undefined,
  given: 'holds',
  over: 'expired',
  declined: 'expired',
  withdrawn: 'expired',
  expired: 'expired',
};

/** The requests for access that the person made, each with its state, the newest first. */
export function AskedFor({ session }: ScreenProps): ReactNode {
  const { say, moment } = useWords();
  const inWords = useTermsInWords(true);
  const patientName = usePatientNames();
  const { party } = session;
  const found = useTask(async () => {
    await collectNews(party);
    const [asked, rights] = [await readAskedFor(party), await knownRights(party)];
    return { asked: asked.toReversed(), rights, contacts: await readPeople(party) };
  }, [session]);
  if (found.state !== 'done') return <Awaiting on={found} what={say('patients.reading')} />;
  const { asked, rights, contacts } = found.value;
  const now = seconds(party.clock);
  const nameOf = ({ request: { message } }: AccessAsked): string =>
    patientName(contacts, message.handle);
  return (
    <Page title={say('patients.asked')} lead={say('patients.asked-lead')}>
      <p className="row">
        <ButtonLink href="/ask" kind="main">
          {say('patients.ask')}
        </ButtonLink>
        <Button onClick={found.again}>{say('common.refresh')}</Button>
      </p>
      <List items={asked} none={say('patients.nothing-asked')} keyOf={(each) => each.digest}>
        {(each) => {
          const { terms, deadline } = each.request.message;
          const state = stateOfAsked(each, rights, now);
          const who = nameOf(each);
          return (
            <>
              <strong>{who}</strong>
              <StateText state={LOOKS[state]}>
                {say(`patients.state-${state}`, { until: moment(deadline) })}
              </StateText>
              <p>{inWords(terms)}</p>
              <AskedActs
                session={session}
                asked={each}
                who={who}
                state={state}
                onDone={found.again}
              />
            </>
          );
        }}
      </List>
    </Page>
  );
}
