import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Clock } from '../protocol/Clock.ts';
import { requestIdOf } from './identifyRequest.ts';

/** Report of an answered request, for logs and metrics; it names no party and no patient. */
export interface AnsweredRequest {
  readonly id: string;
  readonly method: string;
  /** The route, with names in place of values; `*` if no route matched. */
  readonly route: string;
  readonly status: number;
  /** Milliseconds until the answer began. */
  readonly milliseconds: number;
}

/**
 * Reports each request that was answered.
 *
 * @param clock - Measures the time.
 * @param onAnswer - Receives the report.
 */
export function reportAnswers(
  clock: Pick<Clock, 'now'>,
  onAnswer: (answered: AnsweredRequest) => void,
): MiddlewareHandler {
  return async function report(c, next) {
    const begun = clock.now();
    await next();
    const route = matchedRoutes(c).find(({ path }) => !path.endsWith('*'))?.path ?? '*';
    const { method } = c.req;
    const milliseconds = clock.now() - begun;
    onAnswer({ id: requestIdOf(c) ?? '', method, route, status: c.res.status, milliseconds });
  };
}
