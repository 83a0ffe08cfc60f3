import type { ReactNode } from 'react';
import type { FurtherContract } from '../../../src/protocol/network/furtherContracts.ts';
import { useWords } from '../words/useWords.tsx';

/** Names the contracts that a network gets by a change, by what they are for; nothing if it gets none. */
export function AddedContracts({ adds }: { readonly adds: readonly FurtherContract[] }): ReactNode {
  const { say } = useWords();
  if (adds.length === 0) return undefined;
  const names = adds.map((name) => say(`operate.contract-${name}`)).join('; ');
  return <p>{say('operate.change-adds', { names })}</p>;
}
