import { Hono } from 'hono';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { agentRoutes } from './agentRoutes.ts';
import { answerProblem } from './answerProblem.ts';
import { requireLocal } from './requireLocal.ts';

/**
 * The doors of all organisations of one process: each organisation's agent under a path of its name.
 *
 * @param agents - The agents.
 */
export function networkApp(agents: ReadonlyMap<Organisation, AgentPort>): Hono {
  const app = new Hono();
  app.use(requireLocal);
  app.onError(answerProblem);
  app.notFound(() => answerProblem(new MedsealError('NOT_FOUND', { what: 'path' })));
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  for (const [organisation, agent] of agents) app.route(`/${organisation}`, agentRoutes(agent));
  return app;
}
