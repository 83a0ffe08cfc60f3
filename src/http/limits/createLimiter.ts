import { concatBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { systemClock } from '../../folder/systemClock.ts';
import { BodyMemory } from './BodyMemory.ts';
import { DEFAULT_REQUEST_LIMITS, type RequestLimits } from './RequestLimits.ts';
import { fastEnough } from './fastEnough.ts';
import { inLargeParts } from './inLargeParts.ts';
import { ProcessorShares } from './ProcessorShares.ts';
import { RateLimit } from './RateLimit.ts';
import { Semaphore } from './Semaphore.ts';
import type { RequestScope } from './RequestScope.ts';

/** Keeps callers within their limits. */
export interface RequestLimiter {
  /**
   * Counts a request of a caller, before it is read.
   * @returns 0, or the milliseconds after which it may come again: it asked too often, or for too much.
   */
  count(caller: string): number;
  /**
   * Counts a call that makes another process work as several requests.
   * @returns 0, or the milliseconds after which it may come again.
   */
  countCall(caller: string, cost: number): number;
  /** Charges a caller for the processor time that an answer took, milliseconds. */
  charge(caller: string, milliseconds: number): void;
  /**
   * Waits until there is room for a request, a sealed file, a call that reads the ledger, or a question that other
   * organisations answer; the scope holds it. The body is read before, so that a caller that does not send has no place.
   *
   * @throws MedsealError `OVERLOADED`.
   */
  enter(scope: RequestScope, kind: 'file' | 'ledger' | 'question' | 'request'): Promise<void>;
  /**
   * Reads a body as there is room for its bytes; the scope holds that room.
   * @throws MedsealError `REQUEST_TOO_LARGE`, `REQUEST_SLOW`, `OVERLOADED`.
   */
  readBytes(scope: RequestScope, request: Request): Promise<Uint8Array>;
  /** Yields the parts of a sealed file as they arrive; throws MedsealError `REQUEST_SLOW`, `REQUEST_TOO_LARGE`. */
  readFile(request: Request): AsyncIterable<Uint8Array>;
}

/**
 * Creates the limiter of a server.
 *
 * @param limits - Limits that differ from the defaults.
 * @param clock - The machine’s if absent.
 */
export function createLimiter(
  limits: Partial<RequestLimits> = {},
  clock: Clock = systemClock,
): RequestLimiter {
  const all = { ...DEFAULT_REQUEST_LIMITS, ...limits };
  const { bodyBytes, waiting, patience, leastRate, pause: grace, bodyTime: total } = all;
  const rate = new RateLimit(all.requestsPerSecond, all.burst, clock);
  const shares = new ProcessorShares(clock);
  const turnstile = (capacity: number): Semaphore =>
    new Semaphore({ capacity, waiting, patience, clock });
  const places = {
    request: turnstile(all.requests),
    file: turnstile(all.files),
    ledger: turnstile(all.ledgerReads),
    question: turnstile(all.questions),
  };
  const memory = new BodyMemory({ capacity: all.bodiesBytes, bodyBytes, waiting, patience, clock });

  return {
    count: (caller) => rate.visit(caller) || shares.visit(caller),
    countCall: (caller, cost) => rate.visit(caller, cost),
    charge: (caller, milliseconds) => shares.charge(caller, milliseconds),
    async enter(scope, kind) {
      scope.hold(await places[kind].enter(scope.caller));
    },
    readBytes,
    readFile: (request) => inLargeParts(fastEnough(clock, partsOf(request), { leastRate, grace })),
  };

  async function readBytes(scope: RequestScope, request: Request): Promise<Uint8Array> {
    const tooLarge = new MedsealError('REQUEST_TOO_LARGE', { what: 'body', limit: bodyBytes });
    if (announcedLength(request) > bodyBytes) throw tooLarge;
    const body = memory.begin(scope.caller);
    scope.hold(() => body.leave());
    const arriving = fastEnough(clock, partsOf(request), { leastRate, grace, total });
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of inLargeParts(arriving)) {
      length += part.length;
      if (length > bodyBytes) throw tooLarge;
      await body.take(part.length);
      parts.push(part);
    }
    body.whole();
    return concatBytes(...parts);
  }
}

async function* partsOf({ body }: Request): AsyncGenerator<Uint8Array> {
  if (body !== null) yield* body;
}

/** Length that the head announces; the bytes that arrive are counted besides. */
function announcedLength(request: Request): number {
  return Number(/^\d{1,15}$/.exec(request.headers.get('content-length') ?? '')?.[0] ?? 0);
}
