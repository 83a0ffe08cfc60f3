import { useCallback, useEffect, useState } from 'react';

/** Something that a screen waits for. */
export type Task<Value> = {
  /** Begins it again. */
  readonly again: () => void;
} & (
  | { readonly state: 'working' }
  | { readonly state: 'done'; readonly value: Value }
  | { readonly state: 'failed'; readonly error: unknown }
);

/**
 * Runs something when a screen opens and whenever what it depends on changes; an answer that comes too late is dropped.
 *
 * @param run - The work.
 * @param dependencies - Values that the work depends on.
 */
export function useTask<Value>(
  run: () => Promise<Value>,
  dependencies: readonly unknown[],
): Task<Value> {
  const [round, setRound] = useState(0);
  const [outcome, setOutcome] = useState<Outcome<Value>>({ state: 'working' });
  const again = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    let gone = false;
    const settle = (next: Outcome<Value>): void => {
      if (!gone) setOutcome(next);
    };
    setOutcome((before) => (before.state === 'failed' ? { state: 'working' } : before));
    run().then(
      (value) => settle({ state: 'done', value }),
      (error: unknown) => settle({ state: 'failed', error }),
    );
    return () => {
      gone = true;
    };
  }, [...dependencies, round]);
  return { ...outcome, again };
}

type Outcome<Value> =
  | { readonly state: 'working' }
  | { readonly state: 'done'; readonly value: Value }
  | { readonly state: 'failed'; readonly error: unknown };
