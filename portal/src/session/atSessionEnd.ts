import type { Party } from '../../../src/client/index.ts';

const ends = new WeakMap<Party, Set<() => void>>();

/**
 * Has something done when the session of a party ends. Whoever ends it need not load what is dropped then.
 *
 * @param party - The party.
 * @param run - Drops it; it must not throw.
 */
export function atSessionEnd(party: Party, run: () => void): void {
  const own = ends.get(party) ?? new Set();
  ends.set(party, own.add(run));
}

/** Does all that waits for the end of a party's session. */
export function runSessionEnd(party: Party): void {
  for (const run of ends.get(party) ?? []) run();
  ends.delete(party);
}
