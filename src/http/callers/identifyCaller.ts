import type { Context, MiddlewareHandler } from 'hono';
import type { TrustedProxies } from './TrustedProxies.ts';

/**
 * Finds the address that each request comes from.
 *
 * @param proxies - The proxies that are trusted to name the caller.
 */
export function identifyCaller(proxies: TrustedProxies): MiddlewareHandler {
  return async function identify(c, next) {
    const { incoming } = (c.env ?? {}) as {
      readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
    };
    const remote = incoming?.socket?.remoteAddress ?? '';
    c.set('caller', proxies.callerOf(remote, c.req.header('x-forwarded-for')));
    await next();
  };
}

/** Returns the address by which the limits of a request's caller are counted; empty if it was not identified. */
export function callerOf(c: Context): string {
  return (c.get('caller') as string | undefined) ?? '';
}
