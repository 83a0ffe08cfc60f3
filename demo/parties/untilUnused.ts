import type { Clock } from '../../src/protocol/Clock.ts';

/** Watch over whether somebody uses something. */
export interface Usage {
  /** Notes that somebody uses it now. */
  use(): void;
  /** Returns a signal that aborts once nobody has used it for so long, or all of it ends. */
  next(): AbortSignal;
  /** Resolves when somebody uses it again, or all of it ends. */
  again(): Promise<void>;
  /** Resolves after that many milliseconds, or when all of it ends. */
  rest(milliseconds: number): Promise<void>;
}

/**
 * Watches over whether somebody uses something. The beginning counts as use.
 *
 * @param clock - The time.
 * @param limit - Milliseconds without use after which it counts as unused.
 * @param end - Ends all of it.
 */
export function untilUnused(clock: Clock, limit: number, end: AbortSignal): Usage {
  let used = clock.now();
  const isUnused = (): boolean => clock.now() - used >= limit;
  const wakes = new Set<() => void>();
  const wait = async (until: (resolve: () => void) => () => void): Promise<void> => {
    if (end.aborted) return;
    await new Promise<void>((resolve) => {
      const cancel = until(done);
      end.addEventListener('abort', done, { once: true });
      function done(): void {
        cancel();
        end.removeEventListener('abort', done);
        resolve();
      }
    });
  };
  return {
    use() {
      used = clock.now();
      for (const wake of wakes) wake();
    },
    next() {
      const unused = new AbortController();
      let stopLooking: (() => void) | undefined;
      const look = (): void => {
        if (isUnused()) unused.abort();
        else stopLooking = clock.after(used + limit - clock.now(), look);
      };
      look();
      end.addEventListener('abort', () => stopLooking?.(), { once: true });
      return AbortSignal.any([unused.signal, end]);
    },
    async again() {
      if (!isUnused()) return;
      await wait((resolve) => {
        wakes.add(resolve);
        return () => wakes.delete(resolve);
      });
    },
    async rest(milliseconds) {
      await wait((resolve) => clock.after(milliseconds, resolve));
    },
  };
}
