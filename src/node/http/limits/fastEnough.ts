import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Clock } from '../../../protocol/Clock.ts';

/** How fast a stream must come. */
export interface Pace {
  /** Bytes per second that it comes with at least. */
  readonly leastRate: number;
  /** How far a sender may fall behind that, milliseconds: the longest silence. */
  readonly grace: number;
  /** How long all of it may take, milliseconds. */
  readonly total?: number;
}

/**
 * A stream that must come fast enough: whoever falls behind the least rate by more than the grace is not waited for.
 * What comes faster makes up for what came late, and no more. Only waiting for the sender counts, so whoever reads may
 * take its time.
 *
 * @param clock - Its timers.
 * @param stream - What arrives.
 * @param pace - How fast it must come.
 * @throws MedsealError `REQUEST_SLOW`.
 */
export async function* fastEnough(
  clock: Clock,
  stream: AsyncIterable<Uint8Array>,
  { leastRate, grace, total = Infinity }: Pace,
): AsyncGenerator<Uint8Array> {
  const parts = stream[Symbol.asyncIterator]();
  let left = total;
  let credit = grace;
  try {
    for (;;) {
      const begun = clock.now();
      const { done, value } = await inTime(clock, parts.next(), Math.min(credit, left));
      if (done === true) return;
      const waited = clock.now() - begun;
      left -= waited;
      credit = Math.min(grace, credit - waited + (value.length * 1000) / leastRate);
      yield value;
    }
  } finally {
    // A sender that is waited for does not end: it is let go of, and not waited for.
    void Promise.resolve(parts.return?.()).catch(() => undefined);
  }
}

async function inTime<Value>(
  clock: Clock,
  next: Promise<Value>,
  milliseconds: number,
): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const cancel = clock.after(Math.max(milliseconds, 0), () =>
    late.reject(new MedsealError('REQUEST_SLOW', {})),
  );
  try {
    return await Promise.race([next, late.promise]);
  } finally {
    cancel();
    next.catch(() => undefined);
  }
}
