import type { MiddlewareHandler } from 'hono';
import { MedsealError } from '../errors/MedsealError.ts';

/**
 * Keeps pages of other origins away, also of those that may call the server otherwise. A page of the same origin names no
 * origin when it reads, and the browser says that it is of the same one; a program says nothing of this.
 */
export function requireOwnPage(): MiddlewareHandler {
  return async (c, next) => {
    const site = c.req.header('sec-fetch-site');
    const isOwn = site === undefined || site === 'same-origin' || site === 'none';
    if (!isOwn || c.req.header('origin') !== undefined)
      throw new MedsealError('ORIGIN_FOREIGN', {});
    await next();
  };
}
