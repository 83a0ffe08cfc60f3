import { MedsealError } from '../../errors/MedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';

/** Pace that a stream must keep. */
export interface Pace {
  /** Least rate, bytes per second. */
  readonly leastRate: number;
  /** Time that a sender may fall behind that, milliseconds: the longest silence. */
  readonly grace: number;
  /** Longest time for all of it, milliseconds. */
  readonly total?: number;
}

/**
 * Yields a stream that must arrive fast enough: it fails if the sender falls behind the least rate by more than the grace.
 * Bytes that come early make up for bytes that came late, and no more. Only time spent waiting for the sender counts, so
 * that the reader may be slow.
 *
 * @param clock - Timers.
 * @param stream - The stream.
 * @param pace - The pace that it must keep.
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
    // The end of a sender that is late would not come: it is not waited for.
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
