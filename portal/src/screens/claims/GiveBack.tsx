import { useState, type ReactNode } from 'react';
import { refundClaim, type ClaimListed } from '../../../../src/client/index.ts';
import type { Session } from '../../session/Session.ts';
import { Notice } from '../../ui/Notice.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { SignStep } from './SignStep.tsx';
import { unitsIn } from './unitsIn.ts';
import { useAmount } from './useAmount.ts';

/** Properties of `GiveBack`. */
export interface GiveBackProps {
  readonly session: Session;
  readonly listed: ClaimListed;
  /** Hundredths that the person was paid, and has not given back. */
  readonly paid: number;
  /** Name of the insurer. */
  readonly who: string;
  readonly onDone: () => void;
}

/** Gives back what a claim paid to the person, or a part of it. */
export function GiveBack({ session, listed, paid, who, onDone }: GiveBackProps): ReactNode {
  const { say } = useWords();
  const amount = useAmount();
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const [again, setAgain] = useState(false);
  const units = unitsIn(typed, paid);
  return (
    <details className="aside">
      <summary>{say('claims.refund')}</summary>
      <TextField
        label={say('claims.refund-amount')}
        hint={say('claims.most', { most: amount(paid) })}
        inputMode="decimal"
        value={typed}
        error={
          tried && units === undefined
            ? say('claims.amount-wrong', { most: amount(paid) })
            : undefined
        }
        onChange={(text) => {
          setAgain(false);
          setTyped(text);
        }}
      />
      {again && <Notice kind="warn" title={say('claims.refund-before')} />}
      <SignStep
        label={say('common.next')}
        sign={say('claims.sign-refund')}
        words={
          units === undefined
            ? undefined
            : [say('claims.you-refund', { who, amount: amount(units) }), say('claims.final')]
        }
        onTry={() => setTried(true)}
        run={async () => {
          if (units === undefined) return;
          const { already } = await refundClaim(session.party, listed.digest, units, { again });
          setAgain(already);
          if (!already) onDone();
        }}
      />
    </details>
  );
}
