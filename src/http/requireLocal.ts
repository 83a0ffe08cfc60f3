import type { MiddlewareHandler } from 'hono';
import { MedsealError } from '../errors/MedsealError.ts';

const LOCAL = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/;

/**
 * Keeps web pages out of a server for programs and for the node's own pages. A request must name this machine as its host
 * (a page that was rebound to the loopback address names its own host). If it names an origin, that must be the server
 * itself, or be allowed. A JSON body must be declared as JSON, which a page cannot send without a preflight.
 *
 * @param origins - Origins whose pages may call, such as `https://portal.example`.
 * @param names - Hosts that a request may name besides this machine, such as `medseal.hospital.example`; a proxy serves
 * them over TLS.
 */
export function requireLocal(
  origins: readonly string[] = [],
  names: readonly string[] = [],
): MiddlewareHandler {
  const proxied = new Set(names.map((name) => name.toLowerCase()));
  return async (c, next) => {
    const host = (c.req.header('host') ?? '').toLowerCase();
    const local = LOCAL.test(host);
    const known = local || proxied.has(host.replace(/:\d{1,5}$/, ''));
    const own = `${local ? 'http' : 'https'}://${host}`;
    // Browsers write the host and the origin alike: in lower case, without a default port.
    const origin = c.req.header('origin') ?? own;
    if (!known || (origin !== own && !origins.includes(origin))) {
      throw new MedsealError('ORIGIN_FOREIGN', {});
    }
    const type = c.req.header('content-type') ?? '';
    if (c.req.method === 'POST' && !type.startsWith('application/json')) {
      throw new MedsealError('REQUEST_MALFORMED', { what: 'content type' });
    }
    await next();
  };
}
