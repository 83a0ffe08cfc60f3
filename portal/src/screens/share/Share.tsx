import { useState, type ReactNode } from 'react';
import { useParams } from 'wouter';
import {
  grantRight,
  handOver,
  standingRights,
  type ChartRecord,
} from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import type { RecordId } from '../../../../src/protocol/ids.ts';
import { readPeople, type Person } from '../../session/people.ts';
import { personIn, personTyped, type PersonTyped } from '../../session/personTyped.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useRecordsNamed } from '../../session/useRecordsNamed.ts';
import { useDraft } from '../../session/useDraft.ts';
import { useRun } from '../../session/useRun.ts';
import { useSteps } from '../../session/useSteps.ts';
import { useTask } from '../../session/useTask.ts';
import { AddPerson } from '../../ui/AddPerson.tsx';
import { Avatar } from '../../ui/Avatar.tsx';
import { Button } from '../../ui/Button.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { RoleOf } from '../../ui/RoleOf.tsx';
import { RolesTogether } from '../../ui/RolesTogether.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { ChoosePreset } from './ChoosePreset.tsx';
import { ChooseTerms, type TermsChosen } from './ChooseTerms.tsx';
import { ChooseUntil } from './ChooseUntil.tsx';
import { ChooseWhy } from './ChooseWhy.tsx';
import { recordAlone } from './recordAlone.ts';
import { ShareGiven, type Given } from './ShareGiven.tsx';
import { termsSaid } from './termsSaid.ts';
import { untilChosen, type PeriodChosen } from './untilChosen.ts';
import { useTermsInWords } from './useTermsInWords.ts';

const give = afterReview(grantRight);

/** Nothing is chosen for a person but reading, for treatment. */
const FIRST: TermsChosen = { categories: [], actions: ['read'], purpose: 'TREAT' };

/**
 * Shares records, or one of them alone, in three steps: with whom; what and why; until when, with the words that are signed.
 */
export function Share({ session }: ScreenProps): ReactNode {
  const { record } = useParams<{ record?: RecordId }>();
  const { say } = useWords();
  const found = useTask(async () => await recordAlone(session, record), [session, record]);
  if (found.state !== 'done') return <Awaiting on={found} what={say('common.loading')} />;
  return <ShareSteps key={record} session={session} alone={found.value} />;
}

/** Fields of the steps as they are chosen. */
interface ShareTyped {
  readonly whom: PersonTyped;
  readonly chosen: TermsChosen;
  readonly period: PeriodChosen;
}

function ShareSteps({
  session,
  alone,
}: {
  readonly session: Session;
  readonly alone: ChartRecord | undefined;
}): ReactNode {
  const { say } = useWords();
  const inWords = useTermsInWords();
  const draft = useDraft<ShareTyped>(session, `share/${alone?.record ?? ''}`, {
    whom: personTyped(),
    chosen: alone === undefined ? FIRST : { ...FIRST, categories: [alone.category] },
    period: { period: 'month', date: '' },
  });
  const { whom, chosen, period } = draft.value;
  const who = personIn(whom);
  // The words that are signed are shown again only after a look at what was chosen.
  const [first] = useState(who === undefined ? ('who' as const) : ('what' as const));
  const { step, ...steps } = useSteps<'who' | 'what' | 'until'>(first);
  const [missing, setMissing] = useState(false);
  const [given, setGiven] = useState<Given>();
  const sharing = useRun();
  const { party } = session;
  // The words say one moment from when they are shown: what is signed, and signed again after a failure.
  const [now, setNow] = useState(() => nowOf(session));
  const until = untilChosen(period, now);
  const { categories, actions, purpose } = chosen;
  const recordNamed = useRecordsNamed(
    session,
    alone && session.handle ? [{ handle: session.handle, record: alone.record }] : [],
  );
  const known = alone && recordNamed(alone.record);
  const deliver = async (right: Omit<Given, 'isDelivered'>): Promise<void> => {
    // The right is given, whatever becomes of the letter that hands it over.
    const isDelivered = await handOver(party, right).then(
      () => true,
      () => false,
    );
    setGiven({ ...right, isDelivered });
    await draft.drop(draft.value);
  };
  if (given !== undefined) {
    return <ShareGiven given={given} sharing={sharing} deliver={deliver} />;
  }
  if (step === 'who' || who === undefined) {
    return (
      <Page title={say('share.who')} lead={say('share.step', { step: 1 })}>
        <People
          session={session}
          onChosen={(contact) => {
            draft.change({ whom: personTyped(contact) });
            steps.go('what');
          }}
        />
      </Page>
    );
  }
  if (step === 'what') {
    return (
      <Page title={say('share.what', { who: who.name })} lead={say('share.step', { step: 2 })}>
        <KeptDraft draft={draft} />
        {alone === undefined ? (
          <>
            <ChoosePreset
              chosen={chosen}
              period={period}
              onChange={(preset) => draft.change(preset)}
            />
            <ChooseTerms chosen={chosen} onChange={(other) => draft.change({ chosen: other })} />
          </>
        ) : (
          <>
            <Notice
              title={say('share.alone', {
                title: known?.title ?? '',
                titled: known?.title === undefined ? 'no' : 'yes',
                kind: say(`common.category-${alone.category}`),
              })}
            />
            <ChooseWhy
              purpose={purpose}
              onChange={(why) => draft.change({ chosen: { ...chosen, purpose: why } })}
            />
          </>
        )}
        {missing && <Notice kind="bad" title={say('share.choose')} />}
        <p className="row">
          <Button
            kind="main"
            onClick={() => {
              const isChosen = categories.length > 0 && actions.length > 0;
              setMissing(!isChosen);
              setNow(nowOf(session));
              if (isChosen) steps.go('until');
            }}
          >
            {say('common.next')}
          </Button>
          <Button onClick={() => (first === 'what' ? steps.go('who') : steps.back())}>
            {say('common.back')}
          </Button>
        </p>
      </Page>
    );
  }
  const isAhead = Number.isFinite(until) && until > nowOf(session);
  const one = alone && { record: alone.record };
  const right = { grantee: who.address, categories, ...one, actions, purpose, until };
  return (
    <Page title={say('share.until')} lead={say('share.step', { step: 3 })}>
      <ChooseUntil
        chosen={period}
        onChange={(other) => draft.change({ period: other })}
        busy={sharing.busy}
      />
      {!isAhead && <Notice kind="warn" title={say('share.must-be-ahead')} />}
      <SignSheet
        session={session}
        wanted={isAhead ? [right] : undefined}
        others={{ to: [who.address] }}
        signing={sharing}
        act={say('share.sign')}
        waits={say('share.sealing')}
        onBack={steps.back}
        run={async (reviewed) => {
          // A right that was given before its answer was lost is not given twice.
          const [standing] = await standingRights(party, [right]);
          const { digest, grant } = standing ?? (await give(party, reviewed));
          await deliver({ digest, grant, name: who.name });
          steps.finish();
        }}
      >
        <p>
          <strong>{who.name}</strong> {inWords(termsSaid(chosen, until, alone?.record), known)}
        </p>
        <p>{say('share.cannot-undo')}</p>
      </SignSheet>
    </Page>
  );
}

function nowOf({ party }: Session): number {
  return seconds(party.clock);
}

function People({
  session,
  onChosen,
}: {
  readonly session: Session;
  readonly onChosen: (contact: Person) => void;
}): ReactNode {
  const { say } = useWords();
  const contacts = useTask(async () => await readPeople(session.party), [session]);
  if (contacts.state !== 'done') return <Awaiting on={contacts} what={say('common.loading')} />;
  const readers = contacts.value.filter(({ handle }) => handle === undefined);
  return (
    <>
      <RolesTogether>
        <List items={readers} keyOf={(contact) => contact.address} look="people">
          {(contact) => (
            <>
              <Button onClick={() => onChosen(contact)}>
                <Avatar name={contact.name} />
                {contact.name}
              </Button>
              <RoleOf session={session} party={contact.address} />
            </>
          )}
        </List>
      </RolesTogether>
      <AddPerson session={session} onAdded={onChosen} isOpen={readers.length === 0} />
    </>
  );
}
