import type { Party } from '../../../src/client/index.ts';

/** The party of a session, or a reader of kept records alone. */
type Holder = Pick<Party, 'device'>;

type Run = (party: never) => void;

const ends = new WeakMap<Holder, Set<Run>>();
const ended = new WeakSet<Holder>();

/**
 * Has something done when the session of a party ends; at once if it has ended. Whoever ends it need not load what is dropped then.
 *
 * @param party - The party.
 * @param run - Drops it; it must not throw. The same function is called once.
 */
export function atSessionEnd<Of extends Holder>(party: Of, run: (party: Of) => void): void {
  if (ended.has(party)) {
    run(party);
    return;
  }
  const own = ends.get(party) ?? new Set();
  ends.set(party, own.add(run));
}

/** Does all that waits for the end of a party's session. */
export function runSessionEnd(party: Holder): void {
  ended.add(party);
  for (const run of ends.get(party) ?? []) run(party as never);
  ends.delete(party);
}
