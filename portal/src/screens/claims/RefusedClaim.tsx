import type { ReactNode } from 'react';
import { Failure } from '../../ui/Failure.tsx';
import { useWords } from '../../words/useWords.tsx';
import { refusalOfClaim } from './refusalOfClaim.ts';

/** Tells why the ledger refused a claim, and what to do. */
export function RefusedClaim({ error }: { readonly error: unknown }): ReactNode {
  return <Failure error={error} title={refusalOfClaim(useWords(), error)} />;
}
