import { useCallback, useEffect, useState } from 'react';

/** Milliseconds between two looks, and number of looks before somebody must ask for more. */
const [PAUSE, LOOKS] = [10_000, 60];

/** Following of something that changes. */
export interface Following {
  readonly following: boolean;
  readonly follow: () => void;
  readonly stop: () => void;
}

/**
 * Looks again every ten seconds for ten minutes; not while the page is hidden.
 *
 * @param look - Looks again.
 * @param begins - True once it is to begin by itself; it does so once.
 */
export function useFollowing(look: () => void, begins: boolean): Following {
  const [left, setLeft] = useState<number>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (begins) setLeft((before) => before ?? LOOKS);
  }, [begins]);
  const following = (left ?? 0) > 0;
  useEffect(() => {
    if (!following) return undefined;
    const timer = setTimeout(() => {
      setRound((before) => before + 1);
      if (document.visibilityState === 'hidden') return;
      setLeft((before = 0) => before - 1);
      look();
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [following, round, look]);
  const follow = useCallback(() => setLeft(LOOKS), []);
  const stop = useCallback(() => setLeft(0), []);
  return { following, follow, stop };
}
