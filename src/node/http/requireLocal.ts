import type { MiddlewareHandler } from 'hono';
import { MedsealError } from '../../errors/MedsealError.ts';

const LOCAL = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/**
 * Keeps web pages out of a door that is for programs of this machine: a request must name this machine as its host
 * (a page that was rebound to the loopback address names its own), must not come from a page of another origin, and
 * a JSON body must be called JSON, which a page can not send without asking first.
 *
 * @param origins - Pages of these origins may come in all the same, such as `https://portal.example`.
 * @param names - Hosts that a request may name beside this machine, such as `medseal.hospital.example`.
 */
export function requireLocal(
  origins: readonly string[] = [],
  names: readonly string[] = [],
): MiddlewareHandler {
  return async (c, next) => {
    const origin = c.req.header('origin');
    const ours =
      origin === undefined ||
      origins.includes(origin) ||
      LOCAL.test(origin.replace(/^https?:\/\//, ''));
    const host = c.req.header('host') ?? '';
    const named = LOCAL.test(host) || names.includes(host.replace(/:\d+$/, '').toLowerCase());
    if (!ours || !named) {
      throw new MedsealError('ORIGIN_FOREIGN', {});
    }
    const type = c.req.header('content-type') ?? '';
    if (c.req.method === 'POST' && !type.startsWith('application/json')) {
      throw new MedsealError('REQUEST_MALFORMED', { what: 'content type' });
    }
    await next();
  };
}
