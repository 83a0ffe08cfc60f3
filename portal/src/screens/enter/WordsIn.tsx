import { useState, type ReactNode } from 'react';
import { phraseToSeed } from '../../../../src/client/index.ts';
import { openSession } from '../../session/openSession.ts';
import { useRun } from '../../session/useRun.ts';
import { useWhileShown } from '../../session/useWhileShown.ts';
import { TextField } from '../../ui/TextField.tsx';
import { Page } from '../../ui/Page.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { keepKey } from '../../vault/keepKey.ts';
import { useWords } from '../../words/useWords.tsx';
import type { EnterProps } from './EnterProps.ts';
import { Passphrase } from './Passphrase.tsx';

/** Properties of `WordsIn`. */
export interface WordsInProps extends EnterProps {
  readonly onBack: () => void;
}

/** Brings a key to this browser by its 24 words, and keeps it under a passphrase. */
export function WordsIn({ place, onSession, onBack }: WordsInProps): ReactNode {
  const { say } = useWords();
  const letIn = useWhileShown(onSession);
  const [words, setWords] = useState('');
  const [called, setCalled] = useState('');
  const entering = useRun();
  const enter = (passphrase: string): void =>
    entering.start(async () => {
      const seed = phraseToSeed(words.trim().replaceAll(/\s+/g, ' ').toLowerCase());
      const session = await openSession(place, seed, called);
      await keepKey(place.shelf, { address: session.party.address, called, seed }, passphrase);
      letIn(session);
    });
  return (
    <Page title={say('enter.by-words')} lead={say('enter.words-lead')}>
      <TextField
        label={say('enter.words')}
        rows={4}
        spellCheck={false}
        value={words}
        onChange={setWords}
      />
      <TextField label={say('enter.called')} value={called} onChange={setCalled} maxLength={60} />
      {entering.error !== undefined && <Failure error={entering.error} />}
      {entering.busy && <Pending what={say('enter.restoring')} />}
      <Passphrase
        label={say('enter.open')}
        busy={entering.busy}
        ready={words.trim() !== '' && called.trim() !== ''}
        onChosen={enter}
        onBack={onBack}
      />
    </Page>
  );
}
