import type { Context, MiddlewareHandler } from 'hono';
import { bytesToHex } from '../crypto/bytes.ts';
import type { Random } from '../crypto/Random.ts';

/** Ids by which a caller may name its request. */
const REQUEST_ID = /^[\w.-]{1,64}$/;
/** W3C Trace Context, version 00: trace id, the caller's span, flags. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/**
 * Gives each request an id that its operator can find it by: the caller's `X-Request-Id`, else the trace of its
 * `traceparent` (W3C Trace Context), else a new one. The answer carries it as `X-Request-Id`; a trace goes on in the
 * answer's `traceparent`, with a span of this request's own.
 *
 * @param random - For new ids.
 */
export function identifyRequest(random: Random): MiddlewareHandler {
  return async function identify(c, next) {
    const given = c.req.header('x-request-id') ?? '';
    const [, trace, flags] = TRACEPARENT.exec(c.req.header('traceparent') ?? '') ?? [];
    const id = REQUEST_ID.test(given) ? given : (trace ?? hex(random, 16));
    c.set('requestId', id);
    await next();
    c.res.headers.set('x-request-id', id);
    if (trace !== undefined)
      c.res.headers.set('traceparent', `00-${trace}-${hex(random, 8)}-${flags}`);
  };
}

/** Returns the id of a request that was identified. */
export function requestIdOf(c: Context): string | undefined {
  return c.get('requestId') as string | undefined;
}

function hex(random: Random, length: number): string {
  return bytesToHex(random(length)).slice(2);
}
