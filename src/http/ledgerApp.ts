import { Hono } from 'hono';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { answerJsonRpc } from '../ledger/answerJsonRpc.ts';
import type { Clock } from '../protocol/Clock.ts';
import { systemClock } from '../folder/systemClock.ts';
import { systemRandom } from '../folder/systemRandom.ts';
import { answerProblem } from './answerProblem.ts';
import { identifyRequest } from './identifyRequest.ts';
import { identifyCaller } from './callers/identifyCaller.ts';
import { TrustedProxies } from './callers/TrustedProxies.ts';
import { jsonOrNothing } from './jsonIn.ts';
import { createLimiter } from './limits/createLimiter.ts';
import type { RequestLimits } from './limits/RequestLimits.ts';
import { visiting } from './limits/RequestScope.ts';
import { limitRate } from './limitRate.ts';
import { reportAnswers, type AnsweredRequest } from './reportAnswers.ts';
import { requireLocal } from './requireLocal.ts';

/** Options of `ledgerApp`. */
export interface LedgerAppOptions {
  readonly onAnswer?: (answered: AnsweredRequest) => void;
  readonly limits?: Partial<RequestLimits>;
  readonly clock?: Clock;
}

/**
 * Serves the ledger over HTTP: Ethereum JSON-RPC at every path, single calls and batches.
 *
 * @param ledger - The ledger.
 * @param options - `onAnswer`: called after each answer. `limits`: those that differ from the defaults. `clock`: the
 * machine's if absent.
 */
export function ledgerApp(
  ledger: LedgerProvider,
  { onAnswer, limits, clock = systemClock }: LedgerAppOptions = {},
): Hono {
  const limiter = createLimiter({ ...LIMITS, ...limits }, clock);
  const app = new Hono();
  app.use(identifyRequest(systemRandom));
  if (onAnswer !== undefined) app.use(reportAnswers(clock, onAnswer));
  app.use(requireLocal());
  app.use(identifyCaller(new TrustedProxies([])));
  app.use(limitRate(limiter));
  app.onError(answerProblem);
  app.post('*', async (c) => {
    return await visiting(c, async (scope) => {
      const content = await limiter.readBytes(scope, c.req.raw);
      await limiter.enter(scope, 'request');
      const answer = await answerJsonRpc(ledger, jsonOrNothing(content), clock);
      return answer === undefined ? c.body(null, 204) : c.json(answer as object);
    });
  });
  return app;
}

/** The ledger runs calls one after the other, so a long one holds up all others. */
const LIMITS: Partial<RequestLimits> = {
  requests: 64,
  bodyBytes: 4 * 2 ** 20,
  bodiesBytes: 64 * 2 ** 20,
};
