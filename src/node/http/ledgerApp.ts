import { Hono } from 'hono';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { answerJsonRpc } from '../../ledger/answerJsonRpc.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { systemClock } from '../systemClock.ts';
import { systemRandom } from '../systemRandom.ts';
import { answerProblem } from './answerProblem.ts';
import { identifyRequest } from './identifyRequest.ts';
import { identifyCaller } from './callers/identifyCaller.ts';
import { TrustedProxies } from './callers/TrustedProxies.ts';
import { jsonOrNothing } from './jsonIn.ts';
import { createDoor } from './limits/createDoor.ts';
import type { DoorLimits } from './limits/DoorLimits.ts';
import { visiting } from './limits/Visit.ts';
import { limitRate } from './limitRate.ts';
import { reportAnswers, type Answered } from './reportAnswers.ts';
import { requireLocal } from './requireLocal.ts';

/** How the ledger's door differs. */
export interface LedgerAppOptions {
  readonly onAnswer?: (answered: Answered) => void;
  readonly limits?: Partial<DoorLimits>;
  readonly clock?: Clock;
}

/**
 * The ledger over HTTP: Ethereum JSON-RPC at every path, single calls and batches.
 *
 * @param ledger - The ledger.
 * @param options - `onAnswer`: told of each request that was answered. `limits`: where they differ from what else holds.
 * `clock`: the machine's where absent.
 */
export function ledgerApp(
  ledger: LedgerProvider,
  { onAnswer, limits, clock = systemClock }: LedgerAppOptions = {},
): Hono {
  const door = createDoor({ ...LIMITS, ...limits }, clock);
  const app = new Hono();
  app.use(identifyRequest(systemRandom));
  if (onAnswer !== undefined) app.use(reportAnswers(clock, onAnswer));
  app.use(requireLocal());
  app.use(identifyCaller(new TrustedProxies([])));
  app.use(limitRate(door));
  app.onError(answerProblem);
  app.post('*', async (c) => {
    return await visiting(c, async (visit) => {
      const content = await door.readBytes(visit, c.req.raw);
      await door.enter(visit, 'request');
      const answer = await answerJsonRpc(ledger, jsonOrNothing(content), clock);
      return answer === undefined ? c.body(null, 204) : c.json(answer as object);
    });
  });
  return app;
}

/** A ledger does one thing after the other, and much of it holds up all else. */
const LIMITS: Partial<DoorLimits> = {
  requests: 64,
  bodyBytes: 4 * 2 ** 20,
  bodiesBytes: 64 * 2 ** 20,
};
