import { Hono } from 'hono';
import { MedsealError } from '../../errors/MedsealError.ts';
import { answerProblem } from '../../http/answerProblem.ts';
import { requireLocal } from '../../http/requireLocal.ts';
import { reasonText } from '../../protocol/operator/nodeReasons.ts';
import type { Metrics } from './createMetrics.ts';
import type { NodeState } from './NodeState.ts';

/**
 * Server for the operator of a node: `/healthz` tells whether the process answers, `/readyz` whether it takes requests
 * and its state, `/metrics` is for Prometheus.
 *
 * @param metrics - The metrics to show.
 * @param state - Returns the state of the node; undefined until it is open.
 * @param opening - Returns the reason that it is not open yet.
 * @param names - Hosts that a request may name besides this machine.
 * @param operator - Routes of the operator's page; none if absent.
 */
export function operateApp(
  metrics: Pick<Metrics, 'text' | 'contentType'>,
  state: () => Promise<NodeState | undefined>,
  opening: () => string,
  names: readonly string[] = [],
  operator: Hono = new Hono(),
): Hono {
  const app = new Hono();
  app.use(requireLocal([], names));
  app.onError((error) => answerProblem(error));
  app.notFound(() => answerProblem(new MedsealError('NOT_FOUND', { what: 'path' })));
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const now = await state();
    const { ready = false, ledger, index, peers, succession, validator } = now ?? {};
    const waitingFor = now?.waitingFor.map(reasonText) ?? [opening()];
    const notYet = now?.notYet.map(reasonText);
    return c.json(
      { ready, waitingFor, notYet, ledger, index, peers, succession, validator },
      ready ? 200 : 503,
    );
  });
  app.get('/metrics', async (c) =>
    c.text(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  );
  app.route('/', operator);
  return app;
}
