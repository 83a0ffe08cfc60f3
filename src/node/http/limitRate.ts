import type { Context, MiddlewareHandler } from 'hono';
import { MedsealError } from '../../errors/MedsealError.ts';
import { answerProblem } from './answerProblem.ts';
import type { Door } from './limits/createDoor.ts';

/**
 * Answers who comes too often with 429, and says when to come again.
 *
 * @param door - Counts.
 * @param forwarded - Whether a proxy in front says in `X-Forwarded-For`, last, who calls.
 */
export function limitRate(door: Pick<Door, 'count'>, forwarded: boolean): MiddlewareHandler {
  return async function limit(c, next) {
    const wait = door.count((forwarded ? forwardedFor(c) : undefined) ?? callerOf(c));
    if (wait === 0) {
      await next();
      return;
    }
    const answer = answerProblem(new MedsealError('QUOTA_SPENT', { what: 'requests' }), c);
    answer.headers.set('retry-after', String(Math.ceil(wait / 1000)));
    c.res = answer;
  };
}

/** The address that a request comes from, as far as the connection tells. */
function callerOf(c: Context): string {
  const { incoming } = (c.env ?? {}) as {
    readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
  };
  return incoming?.socket?.remoteAddress ?? '';
}

/** Who calls, as the nearest proxy says; what stands before that, anyone can write. */
function forwardedFor(c: Context): string | undefined {
  return c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim().slice(0, 64);
}
