import { Hono } from 'hono';
import { cors } from 'hono/cors';
import type { Random } from '../crypto/Random.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { DemoPerson } from '../protocol/care/DemoPerson.ts';
import type { Organisation } from '../protocol/ids.ts';
import { systemClock } from '../folder/systemClock.ts';
import { systemRandom } from '../folder/systemRandom.ts';
import { agentRoutes } from './agentRoutes.ts';
import { answerProblem } from './answerProblem.ts';
import { identifyCaller } from './callers/identifyCaller.ts';
import { TrustedProxies } from './callers/TrustedProxies.ts';
import { identifyRequest } from './identifyRequest.ts';
import { createLimiter } from './limits/createLimiter.ts';
import type { RequestLimits } from './limits/RequestLimits.ts';
import { limitRate } from './limitRate.ts';
import { nodePage } from './nodePage.ts';
import { portalRoutes } from './portal/portalRoutes.ts';
import type { Portal } from './portal/readPortal.ts';
import { reportAnswers, type AnsweredRequest } from './reportAnswers.ts';
import { requireLocal } from './requireLocal.ts';
import { requireOwnPage } from './requireOwnPage.ts';
import { sendReply } from './sendReply.ts';

/** Options of `networkApp`. */
export interface NetworkAppOptions {
  /** Origins of web pages that may call them (the Fetch Standard's CORS protocol); empty if absent. */
  readonly origins?: readonly string[];
  /** Names that requests may give as their host, besides this machine's own. */
  readonly names?: readonly string[];
  /** Limits of callers that differ from the defaults. */
  readonly limits?: Partial<RequestLimits>;
  /** Addresses of proxies in front, which are trusted to name the caller. */
  readonly proxies?: readonly string[];
  /** Reads the people of a demonstration, whose keys the portal's pages then get; absent in any other network. */
  readonly readPeople?: (() => Promise<readonly DemoPerson[]>) | undefined;
  /** The portal that each organisation serves at `/<organisation>/portal/`; none if absent. */
  readonly portal?: Portal | undefined;
  /** True if anyone may read the ledger at the agents' address; false if absent. */
  readonly opensLedger?: boolean;
  /** Called after each answer. */
  readonly onAnswer?: (answered: AnsweredRequest) => void;
  /** Clock; the machine's if absent. */
  readonly clock?: Clock;
  /** Random bytes; the machine's if absent. */
  readonly random?: Random;
}

/**
 * Serves the agents of all organisations of one process, each under a path of its name. They share the limits of
 * callers.
 *
 * @param agents - The agents.
 * @param options - The callers that are allowed, and their limits.
 */
export function networkApp(
  agents: ReadonlyMap<Organisation, AgentPort>,
  options: NetworkAppOptions = {},
): Hono {
  const {
    origins = [],
    names = [],
    limits,
    proxies = [],
    readPeople,
    portal,
    opensLedger = false,
    onAnswer,
    clock = systemClock,
    random = systemRandom,
  } = options;
  const limiter = createLimiter(limits, clock);
  const app = new Hono();
  app.use(identifyRequest(random));
  if (onAnswer !== undefined) app.use(reportAnswers(clock, onAnswer));
  app.use(requireLocal(origins, names));
  if (origins.length > 0) app.use(cors({ origin: [...origins], ...CORS }));
  app.use(identifyCaller(new TrustedProxies(proxies)));
  app.use(limitRate(limiter));
  app.onError(answerProblem);
  app.notFound((c) => answerProblem(new MedsealError('NOT_FOUND', { what: 'path' }), c));
  app.get('/', async (c) => await sendReply(c, nodePage([...agents.keys()], portal !== undefined)));
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  const [first] = agents.values();
  if (first !== undefined) {
    app.get('/v1/network', async (c) => c.json(await first.network()));
    app.get('/v1/successors', async (c) => c.json(await first.successors()));
  }
  const pages = portal && portalRoutes(portal);
  for (const [organisation, agent] of agents) {
    if (readPeople !== undefined) {
      app.get(`/${organisation}/portal/demo.json`, requireOwnPage(), async (c) => {
        return c.json(await readPeople(), 200, OWN_PAGE_ONLY);
      });
    }
    app.route(
      `/${organisation}`,
      agentRoutes(agent, limiter, { hasPortal: portal !== undefined, opensLedger }),
    );
    if (pages !== undefined) app.route(`/${organisation}`, pages);
    app.get(`/${organisation}/`, (c) => c.redirect(`/${organisation}`, 308));
  }
  return app;
}

/** Headers of an answer that only a page of the same origin gets, and that nothing stores. */
const OWN_PAGE_ONLY = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** Headers that a page of another origin may send and read. */
const CORS = {
  allowMethods: ['GET', 'HEAD', 'POST', 'PUT'],
  allowHeaders: [
    'authorization',
    'content-type',
    'if-none-match',
    'if-range',
    'range',
    'traceparent',
    'x-request-id',
  ],
  exposeHeaders: [
    'accept-ranges',
    'content-range',
    'etag',
    'retry-after',
    'traceparent',
    'x-request-id',
  ],
  maxAge: 600,
};
