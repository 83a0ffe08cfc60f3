import { MedsealError } from '../errors/MedsealError.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { ConsensusSource } from './connectConsensus.ts';

/** Milliseconds that a read may take longer for each header that it got: fifty in a second are slow. */
const EACH_HEADER = 20;

/** An endpoint whose answers to one read, all together, may take only so long. */
export interface BoundedSource {
  readonly source: ConsensusSource;
  /**
   * Does a read that asks many questions.
   *
   * @param work - The read.
   * @returns Its result.
   * @throws MedsealError `LEDGER_SLOW` if it takes too long; its own errors.
   */
  readonly within: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/**
 * Bounds the time of each read from an endpoint. One that answers every question just in time could keep a reader waiting
 * for hours, because a read may need hundreds of answers.
 *
 * @param source - The endpoint.
 * @param clock - Time and timers.
 * @param limit - Milliseconds that a read may take; 20 more for each header of a block that it got.
 */
export function boundTime(
  source: ConsensusSource,
  clock: Pick<Clock, 'after'>,
  limit: number,
): BoundedSource {
  /** The reads under way, each with the time that it earned. */
  const running = new Set<{ more: number }>();
  /** The reads that took too long, and end with their next question. */
  const late = new Set<Promise<unknown>>();

  return {
    source: {
      async request(method, params) {
        if (late.size > 0) throw slow(limit);
        const answer = await source.request(method, params);
        if (method === 'blockchain') for (const read of running) read.more += creditOf(answer);
        return answer;
      },
    },
    async within(work) {
      const read = { more: 0 };
      running.add(read);
      const done = work();
      const over = Promise.withResolvers<never>();
      let cancel = clock.after(limit, onTime);
      function onTime(): void {
        const { more } = read;
        read.more = 0;
        if (more > 0) {
          cancel = clock.after(more, onTime);
          return;
        }
        late.add(done);
        over.reject(slow(limit));
        done.catch(() => undefined).finally(() => late.delete(done));
      }
      try {
        return await Promise.race([done, over.promise]);
      } finally {
        cancel();
        running.delete(read);
      }
    },
  };
}

/** The time that an answer with headers earns. */
function creditOf(answer: unknown): number {
  const { block_metas: headers } = (answer ?? {}) as { readonly block_metas?: unknown };
  return Array.isArray(headers) ? Math.min(headers.length, 20) * EACH_HEADER : 0;
}

function slow(limit: number): MedsealError<'LEDGER_SLOW'> {
  return new MedsealError('LEDGER_SLOW', { seconds: Math.round(limit / 1000) });
}
