import { useMemo, useState, type ReactNode } from 'react';
import { seedToPhrase } from '../../../../src/client/index.ts';
import { draftsOf } from '../../session/draftsOf.ts';
import { openSession } from '../../session/openSession.ts';
import { useSteps } from '../../session/useSteps.ts';
import { useRun } from '../../session/useRun.ts';
import { useWhileShown } from '../../session/useWhileShown.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Page } from '../../ui/Page.tsx';
import { PhraseShown } from '../../ui/PhraseShown.tsx';
import { useWordsAsked } from '../../ui/useWordsAsked.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { keepKey } from '../../vault/keepKey.ts';
import { useWords } from '../../words/useWords.tsx';
import type { EnterProps } from './EnterProps.ts';
import { Passphrase } from './Passphrase.tsx';

/** Properties of `NewKey`. */
export interface NewKeyProps extends EnterProps {
  readonly onBack: () => void;
}

/** Makes a key: shows its words once, asks for some of them, and keeps the key under a passphrase. */
export function NewKey({ place, onSession, onBack }: NewKeyProps): ReactNode {
  const { say } = useWords();
  const letIn = useWhileShown(onSession);
  const [seed] = useState(() => crypto.getRandomValues(new Uint8Array(32)));
  const words = useMemo(() => seedToPhrase(seed).split(' '), [seed]);
  const asked = useWordsAsked(words);
  const { step, go, back } = useSteps<'show' | 'check'>('show');
  const [called, setCalled] = useState('');
  const making = useRun();
  if (step === 'show') {
    return (
      <Page title={say('enter.write-down')} lead={say('enter.write-down-lead')}>
        <PhraseShown words={words} />
        <p className="row">
          <Button kind="main" onClick={() => go('check')}>
            {say('enter.written')}
          </Button>
          <Button onClick={onBack}>{say('common.back')}</Button>
        </p>
      </Page>
    );
  }
  const make = (passphrase: string): void =>
    making.start(async () => {
      const session = await openSession(place, { seed, called });
      await keepKey(place.shelf, { address: session.party.address, called, seed }, passphrase);
      // Only now the device keeps drafts.
      await draftsOf(session).renew();
      letIn(session);
    });
  return (
    <Page title={say('enter.check-words')} lead={say('enter.check-lead')}>
      {asked.fields}
      <TextField label={say('enter.called')} value={called} onChange={setCalled} maxLength={60} />
      <Awaiting on={making} what={say('enter.making')} />
      <Passphrase
        label={say('enter.make')}
        busy={making.busy}
        ready={asked.right && called.trim() !== ''}
        onChosen={make}
        onBack={back}
      />
    </Page>
  );
}
