import { Hono, type Context } from 'hono';
import { MedsealError } from '../../errors/MedsealError.ts';
import { sendReply } from '../sendReply.ts';
import { portalReplies } from './portalReplies.ts';
import type { Portal } from './readPortal.ts';

/**
 * Serves the portal at `/portal/`, from memory, with headers that keep other pages away from it.
 *
 * @param portal - The portal.
 */
export function portalRoutes(portal: Portal): Hono {
  const replies = portalReplies(portal);
  const routes = new Hono();
  routes.get('/portal', (c) => c.redirect(`${c.req.path}/`, 308));
  routes.get('/portal/', async (c) => await send(c, 'index.html'));
  routes.get('/portal/:path{.+}', async (c) => await send(c, c.req.param('path')));
  return routes;

  async function send(c: Context, path: string): Promise<Response> {
    const codings = (c.req.header('accept-encoding') ?? '').split(',');
    const reply = replies(
      path,
      codings.some((each) => each.trim().toLowerCase() === 'gzip'),
    );
    if (reply === undefined) throw new MedsealError('NOT_FOUND', { what: 'path' });
    return await sendReply(c, reply);
  }
}
