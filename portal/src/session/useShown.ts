import { useLayoutEffect, useRef, type RefObject } from 'react';

/** Tells, whenever it is asked, whether the screen that uses it is still shown: work may end after the person went elsewhere. */
export function useShown(): Readonly<RefObject<boolean>> {
  const isShown = useRef(false);
  useLayoutEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  return isShown;
}
