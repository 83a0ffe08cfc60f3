import type { ReactNode } from 'react';
import { isMedsealError } from '../../../../src/client/index.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `RefusedClaim`. */
export interface RefusedClaimProps {
  readonly error: unknown;
}

/** Tells why the ledger refused a claim or a step of one, and what to do. */
export function RefusedClaim({ error }: RefusedClaimProps): ReactNode {
  const { sayIfKnown } = useWords();
  const reason = isMedsealError(error, 'RULE_REFUSED') ? error.values.reason : undefined;
  return <Failure error={error} title={sayIfKnown(`claims.refused-${reason ?? ''}`)} />;
}
