import type { ReactNode } from 'react';
import { useRun } from '../../session/useRun.ts';
import { Button } from '../../ui/Button.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';
import { RefusedClaim } from './RefusedClaim.tsx';

/** Properties of `SettleStep`. */
export interface SettleStepProps {
  readonly act: 'lapse' | 'draw' | 'send';
  /** The state of things that it changes, in words. */
  readonly words: string;
  readonly run: () => Promise<void>;
}

/** Has the ledger do what is due, which anybody may ask for: nothing is signed. */
export function SettleStep({ act, words, run }: SettleStepProps): ReactNode {
  const { say } = useWords();
  const settling = useRun();
  return (
    <section>
      <p>{words}</p>
      {settling.busy && <Pending what={say('claims.changing')} />}
      {settling.error !== undefined && <RefusedClaim error={settling.error} act={act} />}
      <p className="row">
        <Button busy={settling.busy} onClick={() => settling.start(run)}>
          {say(`claims.${act}`)}
        </Button>
      </p>
    </section>
  );
}
