import type { ReactNode } from 'react';
import { parametersIn, type EngineUpgrade } from '../../../src/protocol/network/engineUpgrade.ts';
import { Hash } from '../ui/Hash.tsx';
import { useWords } from '../words/useWords.tsx';
import { List } from '../ui/List.tsx';

/** The ends of the names of words about parameters. */
const PARAMETERS = { blockGas: 'block-gas', absenceWindow: 'absence-window' } as const;

/**
 * Names the block from which validators run an engine by a change, its programs, and parameters of the chain that change; nothing if
 * all that stays.
 */
export function ChangedEngine({
  engine,
}: {
  readonly engine: EngineUpgrade | undefined;
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
        ]}
        keyOf={({ name }) => name}
      >
        {({ said }) => said}
      </List>
    </>
  );
}
