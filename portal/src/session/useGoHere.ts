import { useCallback } from 'react';
import { useLocation } from 'wouter';
import { useShown } from './useShown.ts';

/**
 * Leads to another screen, but only while the screen that asks for it is shown: whoever went elsewhere meanwhile, or entered
 * in somebody's place, stays where they are.
 */
export function useGoHere(): (path: string) => void {
  const [, go] = useLocation();
  const isShown = useShown();
  return useCallback(
    (path) => {
      if (isShown.current) go(path);
    },
    [go, isShown],
  );
}
