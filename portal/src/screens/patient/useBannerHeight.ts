import { useEffect, useRef, type RefObject } from 'react';

/** Has the browser keep whatever gets the focus out from under a banner, which is as high as what it says. */
export function useBannerHeight(): RefObject<HTMLElement | null> {
  const banner = useRef<HTMLElement>(null);
  useEffect(() => {
    const { current } = banner;
    if (current === null) return undefined;
    const { style } = document.documentElement;
    const watching = new ResizeObserver(() => {
      style.setProperty('--banner', `${current.offsetHeight}px`);
    });
    watching.observe(current);
    return () => {
      watching.disconnect();
      style.removeProperty('--banner');
    };
  }, []);
  return banner;
}
