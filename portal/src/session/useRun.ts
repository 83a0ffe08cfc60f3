import { useCallback, useRef, useState } from 'react';

/** Something that a person begins with a button. */
export interface Run {
  readonly busy: boolean;
  /** Why the last one failed, until the next begins. */
  readonly error?: unknown;
  /** Begins it, unless one is under way. */
  readonly start: (run: () => Promise<void>) => void;
}

/** Runs one thing at once that a person begins, and keeps its failure for the screen. */
export function useRun(): Run {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const underWay = useRef(false);
  const start = useCallback((run: () => Promise<void>) => {
    if (underWay.current) return;
    underWay.current = true;
    setBusy(true);
    setError(undefined);
    run()
      .catch((cause: unknown) => setError(cause))
      .finally(() => {
        underWay.current = false;
        setBusy(false);
      });
  }, []);
  return { busy, error, start };
}
