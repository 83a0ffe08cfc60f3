import { useMemo, useState, type ReactNode } from 'react';
import { seedToPhrase, signersOf } from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { changeKept } from '../../session/changeKept.ts';
import { CHANGE_STEPS } from '../../session/changeSteps.ts';
import { finishChange } from '../../session/finishChange.ts';
import { useRun } from '../../session/useRun.ts';
import { useSteps } from '../../session/useSteps.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { List } from '../../ui/List.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { PhraseShown } from '../../ui/PhraseShown.tsx';
import { Steps } from '../../ui/Steps.tsx';
import { useWordsAsked } from '../../ui/useWordsAsked.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { KeyChest } from '../../vault/KeyChest.ts';
import { useWords } from '../../words/useWords.tsx';
import { AskPassphrase } from './AskPassphrase.tsx';
import type { KeptKeyProps } from './KeptKeyProps.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Puts another key in the place of the person's key, after a device or its words came into other hands. */
export function ChangeKey(props: KeptKeyProps): ReactNode {
  const { session, kept, onSession } = props;
  const { say } = useWords();
  const { step: stage, go, finish } = useSteps<'about' | 'words' | 'check'>('about');
  const [isDone, setDone] = useState(false);
  const [seed] = useState(() => crypto.getRandomValues(new Uint8Array(32)));
  const words = useMemo(() => seedToPhrase(seed).split(' '), [seed]);
  const asked = useWordsAsked(words);
  const [at, setAt] = useState(0);
  const changing = useRun();
  const goesOn = kept.next !== undefined && stage === 'about';
  const change = (passphrase: string): void =>
    changing.start(async () => {
      setAt(0);
      const { party, place } = session;
      const { address } = party;
      // A repeat after a failure goes on with what the chest has.
      const given = goesOn
        ? { address, passphrase }
        : { address, passphrase, seed: Uint8Array.from(seed), of: signersOf(party).at(-1) };
      const renewed = await changeKept(place, given, (step) => setAt(CHANGE_STEPS.indexOf(step)));
      setDone(true);
      finish();
      onSession(renewed, session);
    });
  const steps = CHANGE_STEPS.map((each) => say(`keys.step-${each}`));
  const how = (
    <AskPassphrase label={say('keys.change-now')} busy={changing.busy} onGiven={change}>
      <Awaiting on={changing} what={<Steps steps={steps} at={at} />} />
    </AskPassphrase>
  );
  if (isDone) {
    return (
      <Page title={say('keys.changed')} lead={say('keys.changed-about')}>
        <p className="row">
          <ButtonLink href="/me" kind="main">
            {say('common.back')}
          </ButtonLink>
        </p>
      </Page>
    );
  }
  if (goesOn) return <Begun {...props}>{how}</Begun>;
  if (stage === 'words') {
    return (
      <Page title={say('enter.write-down')} lead={say('enter.write-down-lead')}>
        <PhraseShown words={words} />
        <p className="row">
          <Button kind="main" onClick={() => go('check')}>
            {say('enter.written')}
          </Button>
          <ButtonLink href="/me/keys">{say('common.cancel')}</ButtonLink>
        </p>
      </Page>
    );
  }
  if (stage === 'check') {
    return (
      <Page title={say('enter.check-words')}>
        {asked.fields}
        {asked.right ? how : <p>{say('enter.fill-in')}</p>}
      </Page>
    );
  }
  return (
    <Page title={say('keys.change')} lead={say('keys.change-about')}>
      {kept.unfinished && <Unfinished {...props} />}
      <List
        look="text"
        items={[
          say('keys.change-old'),
          say('keys.change-same'),
          say(session.role === 'patient' ? 'keys.change-copies' : 'keys.change-accept'),
          ...(kept.passkey === undefined ? [] : [say('keys.change-passkey')]),
        ]}
        keyOf={(text) => text}
      >
        {(text) => text}
      </List>
      {session.role === undefined && <Failure error={new MedsealError('PARTY_UNKNOWN', {})} />}
      <p className="row">
        {session.role !== undefined && (
          <Button kind="main" onClick={() => go('words')}>
            {say('keys.change-begin')}
          </Button>
        )}
        <ButtonLink href="/me/keys">{say('common.back')}</ButtonLink>
      </p>
    </Page>
  );
}

/** A change that was begun in this browser, and that the organisations did not take yet. */
function Begun({
  session,
  kept,
  onKept,
  children,
}: KeptKeyProps & { readonly children: ReactNode }): ReactNode {
  const { say } = useWords();
  const dropping = useRun();
  const drop = (): void =>
    dropping.start(async () => {
      const chest = new KeyChest(session.place.shelf);
      await chest.update(kept.address, (now) => {
        const { next: _dropped, ...rest } = now;
        return rest;
      });
      onKept();
    });
  return (
    <Page title={say('keys.begun')} lead={say('keys.begun-about')}>
      {children}
      <Awaiting on={dropping} />
      <p className="row">
        <Button kind="danger" busy={dropping.busy} onClick={drop}>
          {say('keys.drop')}
        </Button>
      </p>
    </Page>
  );
}

/** A change that stands, after which the keys of the chart have not turned yet. */
function Unfinished({ session, onKept }: KeptKeyProps): ReactNode {
  const { say } = useWords();
  const finishing = useRun();
  const finish = (): void =>
    finishing.start(async () => {
      await finishChange(new KeyChest(session.place.shelf), session);
      onKept();
    });
  return (
    <Notice kind="warn" title={say('keys.unfinished')}>
      <Awaiting on={finishing} what={say('keys.step-turning')} />
      <Button busy={finishing.busy} onClick={finish}>
        {say('keys.go-on')}
      </Button>
    </Notice>
  );
}
