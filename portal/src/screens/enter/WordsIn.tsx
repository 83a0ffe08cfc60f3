import { useState, type ReactNode } from 'react';
import { RESTORE_STEPS, restoreByWords, type OutdatedKey } from '../../session/restoreByWords.ts';
import { useRun } from '../../session/useRun.ts';
import { useWhileShown } from '../../session/useWhileShown.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Page } from '../../ui/Page.tsx';
import { Steps } from '../../ui/Steps.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { EnterProps } from './EnterProps.ts';
import { Passphrase } from './Passphrase.tsx';

/** Properties of `WordsIn`. */
export interface WordsInProps extends EnterProps {
  readonly onBack: () => void;
  /** The former key, if this browser has opened it. */
  readonly outdated?: (OutdatedKey & { readonly called: string }) | undefined;
}

/** Brings a key to this browser by its 24 words, and keeps it under a passphrase. */
export function WordsIn({ place, onSession, onBack, outdated }: WordsInProps): ReactNode {
  const { say } = useWords();
  const letIn = useWhileShown(onSession);
  const [words, setWords] = useState('');
  const [called, setCalled] = useState(outdated?.called ?? '');
  const [at, setAt] = useState(0);
  const entering = useRun();
  const enter = (passphrase: string): void =>
    entering.start(async () => {
      setAt(0);
      const given = { words, called, passphrase, outdated };
      letIn(await restoreByWords(place, given, (step) => setAt(RESTORE_STEPS.indexOf(step))));
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
      <Awaiting
        on={entering}
        what={<Steps steps={RESTORE_STEPS.map((each) => say(`enter.step-${each}`))} at={at} />}
      />
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
