import { useSyncExternalStore } from 'react';

/** Widths at which the menu is a bar, as `PageFrame.module.css` has them. */
const NARROW = '(max-width: 63.99rem)';

/** Tells whether the screen is so narrow that its menu is a bar, which has no room for some entries. */
export function useNarrow(): boolean {
  return useSyncExternalStore(follow, () => matchMedia(NARROW).matches);
}

function follow(changed: () => void): () => void {
  const widths = matchMedia(NARROW);
  widths.addEventListener('change', changed);
  return () => widths.removeEventListener('change', changed);
}
