import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Clock } from '../../../protocol/Clock.ts';

/** How long a stream may take. */
export interface StreamTime {
  /** Each part, milliseconds. */
  readonly pause?: number;
  /** All of it, milliseconds. */
  readonly total?: number;
}

/**
 * A stream that must come in time. Only waiting for the sender counts, so whoever reads may take its time.
 *
 * @param clock - Its timers.
 * @param stream - What arrives.
 * @param time - How long it may take.
 * @throws MedsealError `REQUEST_SLOW`.
 */
export async function* withinTime(
  clock: Clock,
  stream: AsyncIterable<Uint8Array>,
  { pause = Infinity, total = Infinity }: StreamTime,
): AsyncGenerator<Uint8Array> {
  const parts = stream[Symbol.asyncIterator]();
  let left = total;
  try {
    for (;;) {
      const begun = clock.now();
      const { done, value } = await inTime(clock, parts.next(), Math.min(pause, left));
      if (done === true) return;
      left -= clock.now() - begun;
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
  if (milliseconds === Infinity) return await next;
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
