import type { Clock } from '../../../src/protocol/Clock.ts';

/** Milliseconds between two looks, and the longest pause after looks that fail. */
const [PAUSE, LONGEST] = [20_000, 600_000];

/** Means to look for letters. */
export interface NewsWatch {
  readonly after: Clock['after'];
  /** Tells whether the person sees the page; nothing is asked meanwhile if not. */
  readonly isSeen: () => boolean;
  /** Takes the letters that wait. */
  readonly take: () => Promise<unknown>;
}

/** A watch that goes on. */
export interface RunningWatch {
  /** Looks at once, unless it is looking: the person came back to the page. */
  readonly look: () => void;
  readonly end: () => void;
}

/**
 * Looks for letters every 20 seconds while the page is seen. The pause doubles with each look that fails, so that a node in trouble
 * is left alone.
 *
 * @param watch - Asks the nodes.
 */
export function watchNews({ after, isSeen, take }: NewsWatch): RunningWatch {
  let failures = 0;
  let isLooking = false;
  let isEnded = false;
  let cancel: (() => void) | undefined;
  const wait = (): void => {
    if (isEnded) return;
    cancel = after(Math.min(PAUSE * 2 ** failures, LONGEST), () => void round());
  };
  const round = async (): Promise<void> => {
    if (isSeen()) {
      isLooking = true;
      try {
        await take();
        failures = 0;
      } catch {
        // A node that does not answer is asked again later; screens say so where it matters.
        failures += 1;
      }
      isLooking = false;
    }
    wait();
  };
  wait();
  return {
    look() {
      if (isLooking || isEnded || !isSeen()) return;
      cancel?.();
      void round();
    },
    end() {
      isEnded = true;
      cancel?.();
    },
  };
}
