import { Hono } from 'hono';
import { hexToBytes } from '../../crypto/bytes.ts';
import { parseTilePath } from '../../crypto/merkle/parseTilePath.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';

/** For what never changes again. */
const IMMUTABLE = 'public, max-age=31536000, immutable';
/** A partial tile is what it is too, but nobody asks for it once the tile is fuller. */
const BRIEF = 'public, max-age=60';

/**
 * An organisation's logs as C2SP tlog-tiles, for tools that others wrote: under `/v1/tlog/<channel>/<organisation>`
 * the `checkpoint`, `tile/<L>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]`.
 *
 * @param agent - The agent.
 */
export function tlogRoutes(agent: AgentPort): Hono {
  const routes = new Hono();
  routes.get('/v1/tlog/:channel/:organisation/checkpoint', async (c) => {
    const { channel, organisation } = c.req.param();
    const { note, root, size } = await agent.checkpoint(`${channel}/${organisation}`);
    const tag = `"${size}-${root.slice(2)}"`;
    c.header('etag', tag);
    c.header('cache-control', 'no-cache');
    const known = (c.req.header('if-none-match') ?? '').split(/\s*,\s*/);
    if (known.includes(tag) || known.includes('*')) return c.body(null, 304);
    c.header('content-type', 'text/plain; charset=utf-8');
    return c.body(note);
  });
  routes.get('/v1/tlog/:channel/:organisation/:path{tile/.+}', async (c) => {
    const { channel, organisation, path } = c.req.param();
    const tile = parseTilePath(path);
    const bytes = hexToBytes(await agent.tile({ log: `${channel}/${organisation}`, ...tile }));
    c.header('content-type', 'application/octet-stream');
    c.header('cache-control', tile.width === 256 ? IMMUTABLE : BRIEF);
    return c.body(new Uint8Array(bytes));
  });
  return routes;
}
