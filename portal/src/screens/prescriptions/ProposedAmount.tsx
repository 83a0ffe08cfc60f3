import type { ReactNode } from 'react';
import { Button } from '../../ui/Button.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `ProposedAmount`. */
export interface ProposedAmountProps {
  /** Units that a structured dose takes in all; undefined if it does not say that. */
  readonly count: number | undefined;
  readonly unit: string;
  /** The amount as it was typed. */
  readonly typed: string;
  readonly onTake: (amount: string) => void;
}

/** Proposes the amount that a dose adds up to. Nothing takes it but the person. */
export function ProposedAmount({ count, unit, typed, onTake }: ProposedAmountProps): ReactNode {
  const { say } = useWords();
  if (count === undefined || count === 0 || typed.trim() === String(count)) return null;
  return (
    <p className="row">
      <Button kind="quiet" onClick={() => onTake(String(count))}>
        {say('medicines.propose', { count, unit })}
      </Button>
    </p>
  );
}
