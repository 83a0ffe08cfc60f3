import type { ReactNode } from 'react';
import { isMedsealError } from '../../../../src/client/index.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `VitalFailure`. */
export interface VitalFailureProps {
  readonly error: unknown;
}

/** Tells why the ledger refused a birth, a death or a will, and what to do. */
export function VitalFailure({ error }: VitalFailureProps): ReactNode {
  const { sayIfKnown } = useWords();
  const reason = isMedsealError(error, 'RULE_REFUSED')
    ? error.values.reason
    : // The patient may object before the other one confirms.
      isMedsealError(error, 'NOT_FOUND') && error.values.what.startsWith('report of a')
      ? 'ReportUnknown'
      : '';
  return <Failure error={error} title={sayIfKnown(`vital.refused-${reason}`)} />;
}
