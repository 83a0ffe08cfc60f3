import { Hono, type Context } from 'hono';
import { MedsealError } from '../../errors/MedsealError.ts';
import { jsonIn } from '../../http/jsonIn.ts';
import { createLimiter } from '../../http/limits/createLimiter.ts';
import { visiting } from '../../http/limits/RequestScope.ts';
import { portalRoutes } from '../../http/portal/portalRoutes.ts';
import type { Portal } from '../../http/portal/readPortal.ts';
import { requireLocal } from '../../http/requireLocal.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { operatorCalls, type OperatorCall } from '../../protocol/operator/operatorCalls.ts';
import type { OperatorPort } from '../../protocol/operator/OperatorPort.ts';
import { parseShape } from '../../protocol/wire/parseShape.ts';
import type { OperatorCode } from './OperatorCode.ts';

/** Options of `operatorRoutes`. */
export interface OperatorRoutesOptions {
  readonly operator: OperatorPort;
  readonly code: Pick<OperatorCode, 'require'>;
  /** The portal, which the operator's page is part of; none if absent. */
  readonly portal: Portal | undefined;
  readonly clock: Clock;
}

/** An operator's page asks for little at once. */
const LIMITS = { bodyBytes: 64 * 2 ** 10, bodiesBytes: 2 ** 20, requests: 8 };
/** An answer that only a page of the same origin gets, and that nothing stores. */
const HEADERS = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/**
 * The operator's page at `/portal/` and its calls at `/v1/operator/`. Only this machine reaches them, by its own names and
 * from its own addresses, whatever the endpoint listens on and whatever names it has besides; each call needs the code.
 *
 * @param options - The operator's port, and the code.
 */
export function operatorRoutes({ operator, code, portal, clock }: OperatorRoutesOptions): Hono {
  const limiter = createLimiter(LIMITS, clock);
  const routes = new Hono();
  const local = requireLocal();
  for (const path of ['/portal/*', '/v1/operator/*']) {
    routes.use(path, async (c, next) => {
      requireLoopback(c);
      return await local(c, next);
    });
  }
  if (portal !== undefined) routes.route('/', portalRoutes(portal));
  routes.use('/v1/operator/*', async (c, next) => {
    code.require(c.req.header('authorization'));
    await next();
  });
  for (const [name, call] of Object.entries(operatorCalls)) {
    const path = `/v1/operator/${name}`;
    const run = operator[name as keyof OperatorPort] as (
      asked?: unknown,
    ) => Promise<object | undefined>;
    const { takes }: OperatorCall = call;
    if (takes === undefined) {
      routes.get(path, async (c) => c.json((await run()) ?? {}, 200, HEADERS));
      continue;
    }
    routes.post(path, async (c) => {
      return await visiting(c, async (scope) => {
        const body = jsonIn(await limiter.readBytes(scope, c.req.raw), takes);
        await limiter.enter(scope, 'request');
        const asked = parseShape(takes, body, 'body', malformed);
        return c.json((await run(asked)) ?? {}, 200, HEADERS);
      });
    });
  }
  return routes;
}

/** Requires that the connection comes from this machine. */
function requireLoopback(c: Context): void {
  const { incoming } = (c.env ?? {}) as {
    readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
  };
  const remote = incoming?.socket?.remoteAddress ?? '';
  if (!/^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/.test(remote)) {
    throw new MedsealError('ORIGIN_FOREIGN', {});
  }
}

function malformed(what: string): MedsealError {
  return new MedsealError('REQUEST_MALFORMED', { what });
}
