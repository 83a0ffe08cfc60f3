import type { Context, MiddlewareHandler } from 'hono';
import { MedsealError } from '../errors/MedsealError.ts';
import { answerProblem } from './answerProblem.ts';
import { callerOf } from './callers/identifyCaller.ts';
import type { RequestLimiter } from './limits/createLimiter.ts';

/**
 * Answers a caller over its rate limit with 429, and says when to come again.
 *
 * @param door - Counts requests.
 */
export function limitRate(limiter: Pick<RequestLimiter, 'count'>): MiddlewareHandler {
  return async function limit(c, next) {
    const wait = limiter.count(callerOf(c));
    if (wait === 0) {
      await next();
      return;
    }
    c.res = answerOverRate(wait, c);
  };
}

/**
 * Answers a request that is over its caller's rate limit.
 *
 * @param wait - Milliseconds after which the caller may come again.
 * @param c - The request.
 */
export function answerOverRate(wait: number, c: Context): Response {
  const answer = answerProblem(new MedsealError('QUOTA_SPENT', { what: 'requests' }), c);
  answer.headers.set('retry-after', String(Math.ceil(wait / 1000)));
  return answer;
}
