import { useState, type ReactNode } from 'react';
import { useSteps } from '../../session/useSteps.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { ActForMe } from './ActForMe.tsx';
import { GiveMandate } from './GiveMandate.tsx';
import { IActFor } from './IActFor.tsx';
import { OfferMandate } from './OfferMandate.tsx';

/** Shows those who act for the person, and those for whom the person acts: each with a key of their own. */
export function Family({ session, onSession }: ScreenProps): ReactNode {
  const { say } = useWords();
  const { step, go, back, finish } = useSteps<'list' | 'give' | 'offer'>('list');
  const [told, setTold] = useState<string>();
  const done = (words: string): void => {
    setTold(words);
    finish();
  };
  if (step === 'give') return <GiveMandate session={session} onBack={back} onDone={done} />;
  if (step === 'offer') return <OfferMandate session={session} onBack={back} onDone={done} />;
  return (
    <Page title={say('family.title')} lead={say('family.lead')}>
      {told !== undefined && <Notice kind="good" title={told} />}
      {session.handle !== undefined && (
        <section>
          <h2>{say('family.for-me')}</h2>
          <ActForMe session={session} onDone={setTold} />
          <p className="row">
            <Button onClick={() => go('give')}>{say('family.give')}</Button>
          </p>
        </section>
      )}
      {session.acting === undefined && (
        <section>
          <h2>{say('family.i-for')}</h2>
          <IActFor session={session} onSession={onSession} onDone={setTold} />
          <p className="row">
            <Button onClick={() => go('offer')}>{say('family.offer')}</Button>
          </p>
        </section>
      )}
      <Notice title={say('family.words')} />
    </Page>
  );
}
