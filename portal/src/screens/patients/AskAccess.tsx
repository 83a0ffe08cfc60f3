import { useState, type ReactNode } from 'react';
import { useParams } from 'wouter';
import { requestAccess } from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import type { Purpose, Role } from '../../../../src/protocol/vocabulary.ts';
import { readPeople, type Person } from '../../session/people.ts';
import { afterReview } from '../../session/Reviewed.ts';
import { useDraft } from '../../session/useDraft.ts';
import { useRun } from '../../session/useRun.ts';
import { useGoHere } from '../../session/useGoHere.ts';
import { useTask } from '../../session/useTask.ts';
import { AddPerson } from '../../ui/AddPerson.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { ChooseTerms, type TermsChosen } from '../share/ChooseTerms.tsx';
import { ChooseUntil } from '../share/ChooseUntil.tsx';
import { termsSaid } from '../share/termsSaid.ts';
import { untilChosen, type PeriodChosen } from '../share/untilChosen.ts';
import { useTermsInWords } from '../share/useTermsInWords.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

const askFor = afterReview(requestAccess);

/** The purpose that a role mostly has; treatment for the others. */
const PURPOSES: Partial<Record<Role, Purpose>> = {
  insurer: 'HPAYMT',
  researcher: 'HRESCH',
  analyst: 'HRESCH',
};

/** Asks a patient for access: whom; then for what, why and until when, with the words that are signed. */
export function AskAccess({ session }: ScreenProps): ReactNode {
  const { handle } = useParams<{ handle?: Handle }>();
  const { say } = useWords();
  const [added, setAdded] = useState<Person>();
  const contacts = useTask(async () => await readPeople(session.party), [session]);
  if (contacts.state !== 'done') return <Awaiting on={contacts} what={say('common.loading')} />;
  const patients = contacts.value.filter((each) => each.handle !== undefined);
  const who = added?.handle === handle ? added : patients.find((each) => each.handle === handle);
  if (who?.handle !== undefined) {
    return <AskTerms key={who.handle} session={session} handle={who.handle} name={who.name} />;
  }
  return (
    <Page title={say('patients.ask-whom')} lead={say('patients.ask-whom-lead')}>
      <List items={patients} keyOf={(contact) => contact.address} look="people">
        {(contact) => <ButtonLink href={`/ask/${contact.handle}`}>{contact.name}</ButtonLink>}
      </List>
      <AddPerson
        session={session}
        isOpen={patients.length === 0}
        onAdded={(contact) => {
          setAdded(contact);
          contacts.again();
        }}
      />
    </Page>
  );
}

/** Fields of a request as they are chosen. */
interface AccessTyped {
  readonly chosen: TermsChosen;
  readonly period: PeriodChosen;
}

function AskTerms({
  session,
  handle,
  name,
}: {
  readonly session: ScreenProps['session'];
  readonly handle: Handle;
  readonly name: string;
}): ReactNode {
  const { say } = useWords();
  const inWords = useTermsInWords(true);
  const go = useGoHere();
  const { party, role = 'doctor' } = session;
  const draft = useDraft<AccessTyped>(session, `ask/${handle}`, {
    chosen: { categories: [], actions: ['read'], purpose: PURPOSES[role] ?? 'TREAT' },
    period: { period: 'month', date: '' },
  });
  const { chosen, period } = draft.value;
  const [missing, setMissing] = useState(false);
  const asking = useRun();
  // The words say one moment from when they are shown: the same request is sent again after a failure.
  const [now] = useState(() => seconds(party.clock));
  const until = untilChosen(period, now);
  const { categories, actions, purpose } = chosen;
  const isChosen = categories.length > 0 && actions.length > 0;
  const isAhead = Number.isFinite(until) && until > now;
  return (
    <Page title={say('patients.ask-what', { who: name })}>
      <KeptDraft draft={draft} />
      <ChooseTerms
        chosen={chosen}
        onChange={(other) => {
          if (!asking.busy) draft.change({ chosen: other });
        }}
      />
      <ChooseUntil
        chosen={period}
        onChange={(other) => draft.change({ period: other })}
        busy={asking.busy}
      />
      {missing && !isChosen && <Notice kind="bad" title={say('share.choose')} />}
      {!isAhead && <Notice kind="warn" title={say('share.must-be-ahead')} />}
      <SignSheet
        session={session}
        wanted={isChosen && isAhead ? [{ handle, categories, actions, purpose, until }] : undefined}
        others={{ charts: [handle] }}
        signing={asking}
        act={say('patients.ask-sign')}
        waits={say('patients.asking')}
        onMissing={() => setMissing(!isChosen)}
        onBack={() => go('/ask')}
        run={async (reviewed) => {
          await askFor(party, reviewed);
          await draft.drop(draft.value);
          go('/asked');
        }}
      >
        <p>
          <strong>{say('patients.ask-signed', { who: name })}</strong>{' '}
          {inWords(termsSaid(chosen, until))}
        </p>
        <p>{say('patients.ask-evidence', { who: name })}</p>
      </SignSheet>
    </Page>
  );
}
