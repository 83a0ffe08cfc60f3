import type { ReactNode } from 'react';
import type { FurtherContract } from '../../../src/protocol/network/furtherContracts.ts';
import type { ContractCreated } from '../../../src/protocol/operator/OperatorPort.ts';
import { useWords } from '../words/useWords.tsx';

/** Names the contracts that a network gets by a change, by what they are for, and their creators; nothing if it gets none. */
export function AddedContracts({
  adds,
  created = [],
}: {
  readonly adds: readonly FurtherContract[];
  readonly created?: readonly ContractCreated[] | undefined;
}): ReactNode {
  const { say, number } = useWords();
  if (adds.length === 0) return undefined;
  const names = adds.map((name) => say(`operate.contract-${name}`)).join('; ');
  return (
    <>
      <p>{say('operate.change-adds', { names })}</p>
      {created.map(({ contract, organisation, nonce }) => (
        <p key={contract}>
          {say('operate.change-created', {
            name: say(`operate.contract-${contract}`),
            organisation,
            nonce: number(nonce),
          })}
        </p>
      ))}
    </>
  );
}
