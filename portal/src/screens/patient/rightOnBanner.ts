import { useLayoutEffect, useSyncExternalStore } from 'react';
import type { Chart } from '../../../../src/client/index.ts';

/** Whose chart is read by which right, and for what. */
export type RightRead = Pick<Chart, 'handle' | 'grant' | 'purpose'>;

let read: RightRead | undefined;
const followers = new Set<() => void>();

/** Sets the right that the banner names. */
function name(right: RightRead | undefined): void {
  read = right;
  for (const follower of followers) follower();
}

function follow(follower: () => void): () => void {
  followers.add(follower);
  return () => followers.delete(follower);
}

/**
 * Has the patient's banner name the right by which a screen reads, in place of the one by which the banner itself reads.
 *
 * @param right - The right, with the chart; undefined until the screen reads by one.
 */
export function useRightOnBanner(right: RightRead | undefined): void {
  useLayoutEffect(() => {
    if (right === undefined) return undefined;
    const { handle, grant, purpose } = right;
    name({ handle, purpose, ...(grant && { grant }) });
    return () => name(undefined);
  }, [right]);
}

/**
 * Returns the right by which the screen reads a patient's chart.
 *
 * @param handle - The chart.
 * @returns Undefined if the screen names none, or reads another chart.
 */
export function useRightRead(handle: RightRead['handle']): RightRead | undefined {
  const right = useSyncExternalStore(follow, () => read);
  return right?.handle === handle ? right : undefined;
}
