import { type Party, watchKept } from '../../../src/client/index.ts';
import { atSessionEnd } from './atSessionEnd.ts';

const ends = new WeakMap<Pick<Party, 'device'>, () => void>();

/**
 * Has this browser delete kept records in their time, for as long as the page is unlocked; those whose time is over, at once.
 * Call it again after one was kept.
 *
 * @param party - The person.
 */
export async function watchHere(party: Pick<Party, 'device' | 'clock'>): Promise<void> {
  endWatch(party);
  // A list that was altered keeps nobody out; the next look tries again.
  const end = await watchKept(party).catch(() => undefined);
  endWatch(party);
  if (end === undefined) return;
  ends.set(party, end);
  // The page may have locked while the list was read.
  atSessionEnd(party, endWatch);
}

/** Ends it, when the page locks. */
export function endWatch(party: Pick<Party, 'device'>): void {
  ends.get(party)?.();
  ends.delete(party);
}
