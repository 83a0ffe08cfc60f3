import type { ReactNode } from 'react';
import type { EngineUpgrade } from '../../../src/protocol/network/engineUpgrade.ts';
import { Hash } from '../ui/Hash.tsx';
import { useWords } from '../words/useWords.tsx';

/** Names the block from which validators run another engine by a change, and its programs; nothing if the engine stays. */
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
      </ul>
    </>
  );
}
