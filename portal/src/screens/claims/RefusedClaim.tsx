import type { ReactNode } from 'react';
import { isMedsealError } from '../../../../src/client/index.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `RefusedClaim`. */
export interface RefusedClaimProps {
  readonly error: unknown;
  /** The step, if a reason means something else in it. */
  readonly act?: string;
}

/** Tells why the ledger refused a claim or a step of one, and what to do. */
export function RefusedClaim({ error, act = '' }: RefusedClaimProps): ReactNode {
  const { sayIfKnown } = useWords();
  const reason = isMedsealError(error, 'RULE_REFUSED') ? error.values.reason : '';
  const ofAct = sayIfKnown(`claims.refused-${act}-${reason}`);
  return <Failure error={error} title={ofAct ?? sayIfKnown(`claims.refused-${reason}`)} />;
}
