import type { ReactNode } from 'react';
import { parametersIn, type EngineUpgrade } from '../../../src/protocol/network/engineUpgrade.ts';
import type { FurtherContract } from '../../../src/protocol/network/furtherContracts.ts';
import { Hash } from '../ui/Hash.tsx';
import { useWords } from '../words/useWords.tsx';
import { List } from '../ui/List.tsx';

/** The ends of the names of words about parameters. */
const PARAMETERS = { blockGas: 'block-gas', absenceWindow: 'absence-window' } as const;

/**
 * Names the block from which validators run an engine by a change, its programs, parameters of the chain that change, and codes by which
 * contracts can be created, with the contract of each that the node knows (`admits`); nothing if all that stays.
 */
export function ChangedEngine({
  engine,
  admits = [],
}: {
  readonly engine: EngineUpgrade | undefined;
  readonly admits?: readonly FurtherContract[] | undefined;
}): ReactNode {
  const { say, number } = useWords();
  if (engine === undefined) return undefined;
  return (
    <>
      <p>{say('operate.change-engine', { height: number(engine.height) })}</p>
      <List
        all
        look="text"
        items={[
          ...Object.entries(engine.programs).map(([platform, sha256]) => ({
            name: platform,
            said: (
              <>
                <code>{platform}</code> <Hash value={sha256} />
              </>
            ),
          })),
          ...parametersIn(engine.parameters).map(([name, value]) => ({
            name,
            said: say(`operate.change-${PARAMETERS[name]}`, { value: number(value) }),
          })),
          ...(engine.codes ?? []).map(({ hash }, place) => ({
            name: hash,
            said: (
              <>
                <AdmittedCode contract={admits[place]} /> <Hash value={hash} />
              </>
            ),
          })),
        ]}
        keyOf={({ name }) => name}
      >
        {({ said }) => said}
      </List>
    </>
  );
}

/** Says that contracts can be created by a code, and for what. */
function AdmittedCode({ contract }: { readonly contract: FurtherContract | undefined }): ReactNode {
  const { say } = useWords();
  if (contract === undefined) return say('operate.change-code');
  return say('operate.change-admits', { name: say(`operate.contract-${contract}`) });
}
