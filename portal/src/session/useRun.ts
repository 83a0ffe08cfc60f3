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
    // A failure is shown together with the end of the work, so that whoever sees it can begin again at once.
    const end = (cause?: unknown): void => {
      underWay.current = false;
      setBusy(false);
      setError(cause);
    };
    run().then(() => end(), end);
  }, []);
  return { busy, error, start };
}
