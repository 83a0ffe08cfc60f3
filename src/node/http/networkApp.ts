import { Hono } from 'hono';
import { cors } from 'hono/cors';
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
 * @param options - `origins`: of web pages that may call them (the Fetch Standard's CORS protocol); none unless named.
 */
export function networkApp(
  agents: ReadonlyMap<Organisation, AgentPort>,
  { origins = [] }: { readonly origins?: readonly string[] } = {},
): Hono {
  const app = new Hono();
  app.use(requireLocal(origins));
  if (origins.length > 0) {
    const allowHeaders = ['authorization', 'content-type'];
    const allowMethods = ['GET', 'POST', 'PUT'];
    app.use(cors({ origin: [...origins], allowHeaders, allowMethods, maxAge: 600 }));
  }
  app.onError(answerProblem);
  app.notFound(() => answerProblem(new MedsealError('NOT_FOUND', { what: 'path' })));
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  const [first] = agents.values();
  if (first !== undefined) app.get('/v1/network', async (c) => c.json(await first.network()));
  for (const [organisation, agent] of agents) {
    app.route(`/${organisation}`, agentRoutes(agent));
    app.get(`/${organisation}/`, (c) => c.redirect(`/${organisation}`, 308));
  }
  return app;
}
