import type { ReactNode } from 'react';
import { isMedsealError } from '../../../../src/client/index.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `RefusedInWords`. */
export interface RefusedInWordsProps {
  readonly error: unknown;
}

/** Tells why the ledger refused a dispense or a change of a prescription, and what to do. */
export function RefusedInWords({ error }: RefusedInWordsProps): ReactNode {
  const { sayIfKnown } = useWords();
  const reason = isMedsealError(error, 'RULE_REFUSED') ? error.values.reason : undefined;
  return <Failure error={error} title={sayIfKnown(`medicines.refused-${reason ?? ''}`)} />;
}
