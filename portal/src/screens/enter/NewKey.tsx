import { useMemo, useState, type ReactNode } from 'react';
import { seedToPhrase } from '../../../../src/client/index.ts';
import { openSession } from '../../session/openSession.ts';
import { useRun } from '../../session/useRun.ts';
import { useWhileShown } from '../../session/useWhileShown.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { keepKey } from '../../vault/keepKey.ts';
import { useWords } from '../../words/useWords.tsx';
import type { EnterProps } from './EnterProps.ts';
import { Passphrase } from './Passphrase.tsx';

/** Number of words that the person types again, so that the paper is known to be right. */
const ASKED = 3;

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
  const asked = useMemo(() => placesOf(words.length), [words]);
  const [step, setStep] = useState<'show' | 'check'>('show');
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({});
  const [called, setCalled] = useState('');
  const making = useRun();
  if (step === 'show') {
    return (
      <Page title={say('enter.write-down')} lead={say('enter.write-down-lead')}>
        <ol className="words" translate="no">
          {words.map((word, place) => (
            // The same word can come twice; its place names it.
            <li key={place}>{word}</li>
          ))}
        </ol>
        <Notice kind="warn" title={say('enter.words-warning')} />
        <p className="row">
          <Button kind="main" onClick={() => setStep('check')}>
            {say('enter.written')}
          </Button>
          <Button onClick={onBack}>{say('common.back')}</Button>
        </p>
      </Page>
    );
  }
  const wrong = asked.filter((place) => (typed[place] ?? '').trim().toLowerCase() !== words[place]);
  const make = (passphrase: string): void =>
    making.start(async () => {
      const session = await openSession(place, seed, called);
      await keepKey(place.shelf, { address: session.party.address, called, seed }, passphrase);
      letIn(session);
    });
  return (
    <Page title={say('enter.check-words')}>
      {asked.map((place) => (
        <TextField
          key={place}
          label={say('enter.word-number', { number: place + 1 })}
          value={typed[place] ?? ''}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          error={
            typed[place] !== undefined && typed[place].length > 2 && wrong.includes(place)
              ? say('enter.word-wrong')
              : undefined
          }
          onChange={(value) => setTyped((before) => ({ ...before, [place]: value }))}
        />
      ))}
      <TextField label={say('enter.called')} value={called} onChange={setCalled} maxLength={60} />
      {making.error !== undefined && <Failure error={making.error} />}
      {making.busy && <Pending what={say('enter.making')} />}
      <Passphrase
        label={say('enter.make')}
        busy={making.busy}
        ready={wrong.length === 0 && called.trim() !== ''}
        onChosen={make}
        onBack={() => setStep('show')}
      />
    </Page>
  );
}

/** Chooses the places of the words that are asked for, in their order. */
function placesOf(count: number): readonly number[] {
  const places = new Set<number>();
  while (places.size < ASKED) {
    const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
    places.add(random % count);
  }
  return [...places].toSorted((left, right) => left - right);
}
