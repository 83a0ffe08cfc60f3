import { useCallback, useEffect, useState } from 'react';
import { outcomeUnder, type TaskOutcome, type KnownOutcome } from './outcomeUnder.ts';

/** Something that a screen waits for. */
export type Task<Value> = TaskOutcome<Value> & {
  /** Begins it again; its value stays until there is another. */
  readonly again: () => void;
};

/**
 * Runs something when a screen opens and whenever what it depends on changes; an answer that comes too late is dropped,
 * and so is one to other dependencies, already while the screen is drawn.
 *
 * @param run - The work.
 * @param dependencies - Values that the work depends on.
 */
export function useTask<Value>(
  run: () => Promise<Value>,
  dependencies: readonly unknown[],
): Task<Value> {
  const [round, setRound] = useState(0);
  const [known, setKnown] = useState<KnownOutcome<Value>>({
    dependencies,
    outcome: { state: 'working' },
  });
  const again = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    let gone = false;
    const settle = (outcome: TaskOutcome<Value>): void => {
      if (!gone) setKnown({ dependencies, outcome });
    };
    setKnown((before) => {
      const outcome = outcomeUnder(before, dependencies);
      return outcome.state === 'done' ? before : { dependencies, outcome: { state: 'working' } };
    });
    run().then(
      (value) => settle({ state: 'done', value }),
      (error: unknown) => settle({ state: 'failed', error }),
    );
    return () => {
      gone = true;
    };
  }, [...dependencies, round]);
  return { ...outcomeUnder(known, dependencies), again };
}
