import { useEffect, useState, type ReactNode } from 'react';
import { forgetEnded } from '../../../../src/client/index.ts';
import { Page } from '../../ui/Page.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { KeptList } from './KeptList.tsx';

/** The records that this device keeps for the person at work, also while no node answers. */
export function Kept({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const { party, handle } = session;
  const [round, setRound] = useState(0);
  useEffect(() => {
    let gone = false;
    // Without a network it stays until its time is over.
    void forgetEnded(party)
      .catch(() => undefined)
      .then(() => {
        if (!gone) setRound(1);
      });
    return () => {
      gone = true;
    };
  }, [party]);
  return (
    <Page title={say('kept.title')} lead={say('kept.lead')}>
      <KeptList key={round} holder={party} own={handle} />
    </Page>
  );
}
