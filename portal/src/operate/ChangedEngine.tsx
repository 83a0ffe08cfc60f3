import type { ReactNode } from 'react';
import { parametersIn, type EngineUpgrade } from '../../../src/protocol/network/engineUpgrade.ts';
import { Hash } from '../ui/Hash.tsx';
import { useWords } from '../words/useWords.tsx';

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
      <ul>
        {Object.entries(engine.programs).map(([platform, sha256]) => (
          <li key={platform}>
            <code>{platform}</code> <Hash value={sha256} />
          </li>
        ))}
        {parametersIn(engine.parameters).map(([name, value]) => (
          <li key={name}>{say(`operate.change-${PARAMETERS[name]}`, { value: number(value) })}</li>
        ))}
      </ul>
    </>
  );
}
