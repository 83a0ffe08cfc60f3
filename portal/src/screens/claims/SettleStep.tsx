import type { ReactNode } from 'react';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { useWords } from '../../words/useWords.tsx';
import { refusalOfClaim } from './refusalOfClaim.ts';

/** Properties of `SettleStep`. */
export interface SettleStepProps {
  readonly act: 'lapse' | 'draw' | 'send';
  /** The state of things that it changes, in words. */
  readonly words: string;
  readonly run: () => Promise<void>;
}

/** Has the ledger do what is due, which anybody may ask for: nothing is signed. */
export function SettleStep({ act, words, run }: SettleStepProps): ReactNode {
  const spoken = useWords();
  const { say } = spoken;
  const settling = useRun();
  return (
    <section>
      <p>{words}</p>
      <Awaiting
        on={settling}
        what={say('claims.changing')}
        title={refusalOfClaim(spoken, settling.error, act)}
      />
      <p className="row">
        <Button busy={settling.busy} onClick={() => settling.start(run)}>
          {say(`claims.${act}`)}
        </Button>
      </p>
    </section>
  );
}
