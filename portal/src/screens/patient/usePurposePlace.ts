import { useLayoutEffect, useState } from 'react';

/** Id of the place in the patient's banner where a screen says by which right it reads. */
export const PURPOSE_PLACE = 'patient-purpose';

/** Returns that place; null on a page without a banner. */
export function usePurposePlace(): HTMLElement | null {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  useLayoutEffect(() => setPlace(document.querySelector<HTMLElement>(`#${PURPOSE_PLACE}`)), []);
  return place;
}
