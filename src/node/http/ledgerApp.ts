import { Hono } from 'hono';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { answerJsonRpc } from '../../ledger/answerJsonRpc.ts';
import { systemClock } from '../systemClock.ts';
import { systemRandom } from '../systemRandom.ts';
import { answerProblem } from './answerProblem.ts';
import { identifyRequest } from './identifyRequest.ts';
import { readJsonBody } from './readJsonBody.ts';
import { reportAnswers, type Answered } from './reportAnswers.ts';
import { requireLocal } from './requireLocal.ts';

/**
 * The ledger over HTTP: Ethereum JSON-RPC at every path, single calls and batches.
 *
 * @param ledger - The ledger.
 * @param options - `onAnswer`: told of each request that was answered.
 */
export function ledgerApp(
  ledger: LedgerProvider,
  { onAnswer }: { readonly onAnswer?: (answered: Answered) => void } = {},
): Hono {
  const app = new Hono();
  app.use(identifyRequest(systemRandom));
  if (onAnswer !== undefined) app.use(reportAnswers(systemClock, onAnswer));
  app.use(requireLocal());
  app.onError(answerProblem);
  app.post('*', async (c) => {
    const body = await readJsonBody(c.req.raw).catch((error: unknown) => {
      if (isMedsealError(error, 'REQUEST_MALFORMED')) return undefined;
      throw error;
    });
    const answer = await answerJsonRpc(ledger, body);
    return answer === undefined ? c.body(null, 204) : c.json(answer as object);
  });
  return app;
}
