import type { Clock } from '../../../src/protocol/Clock.ts';

/** Milliseconds between two looks, so that a screen shows within two seconds what happened. */
const PAUSE = 700;
/** The longest pause, milliseconds. */
const LONGEST = 600_000;

/** Means to watch a patient's events. */
export interface EventWatch {
  readonly after: Clock['after'];
  /** Tells whether the person sees the list; nothing is asked meanwhile if not. */
  readonly isSeen: () => boolean;
  /** Calls back whenever the device is connected again; returns a function that ends it. */
  readonly onConnected?: (run: () => void) => () => void;
  /** Tells whether another audit would show more. */
  readonly look: () => Promise<boolean>;
  /** Audits, which is an event itself. Returns true if it showed more of what others did. */
  readonly audit: () => Promise<boolean>;
}

/**
 * Looks again and again whether something happened, and audits if it did. The pause doubles with each look or audit that
 * fails, so that a node in trouble is left alone. It doubles as well with each audit in vain: a node may give signs of nothing,
 * and two pages of one person would answer each other's audits for ever. A device that is connected again looks soon:
 * a look that failed without a connection says nothing of the node.
 *
 * @param watch - Asks the nodes.
 * @returns Function that ends it.
 */
export function watchEvents({ after, isSeen, onConnected, look, audit }: EventWatch): () => void {
  let ended = false;
  let failures = 0;
  let inVain = 0;
  let cancel: (() => void) | undefined;
  const stopHearing = onConnected?.(() => {
    failures = 0;
    // A round that is under way waits for the next one itself.
    if (cancel === undefined) return;
    cancel();
    wait();
  });
  const round = async (): Promise<void> => {
    cancel = undefined;
    if (isSeen()) {
      try {
        if ((await look()) && !ended) inVain = (await audit()) ? 0 : inVain + 1;
        failures = 0;
      } catch {
        // A node that does not answer now is asked again later; the list says of when it is.
        failures += 1;
      }
    }
    if (!ended) wait();
  };
  const wait = (): void => {
    const pause = Math.min(PAUSE * 2 ** Math.max(failures, inVain), LONGEST);
    cancel = after(pause, () => void round());
  };
  wait();
  return () => {
    ended = true;
    stopHearing?.();
    cancel?.();
  };
}
