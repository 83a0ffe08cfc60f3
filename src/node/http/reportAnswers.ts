import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Clock } from '../../protocol/Clock.ts';
import { requestIdOf } from './identifyRequest.ts';

/** A request that was answered, for logs and measurements; it says nothing of who or whom. */
export interface AnsweredRequest {
  readonly id: string;
  readonly method: string;
  /** The route, with names in place of what was asked for; `*` if there is none. */
  readonly route: string;
  readonly status: number;
  /** Until the answer began. */
  readonly milliseconds: number;
}

/**
 * Tells of each request that was answered.
 *
 * @param clock - Measures.
 * @param onAnswer - Is told.
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
