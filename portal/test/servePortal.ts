import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { listen } from '../../src/http/listen.ts';
import { networkApp } from '../../src/http/networkApp.ts';
import { readPortal, type Portal } from '../../src/http/portal/readPortal.ts';
import type { AgentPort } from '../../src/protocol/AgentPort.ts';
import { network } from '../../src/protocol/test/sampleNetwork.ts';

/** A portal that is served, and can be exchanged and taken away. */
export interface ServedPortal {
  /** Address of its page. */
  readonly url: string;
  /** Serves another portal at the same address. */
  change(portal: Portal): void;
  /** Ends the server, so that its address answers nobody. */
  close(): Promise<void>;
}

/** The built portal. */
export async function builtPortal(): Promise<Portal> {
  const portal = await readPortal();
  if (portal === undefined) throw new Error('The portal is not built: run `npm run prepare`.');
  return portal;
}

/** A portal with one file in place of another, as somebody would serve it who changes no pin. */
export function withFile(portal: Portal, path: string, text: string): Portal {
  return { ...portal, files: new Map([...portal.files, [path, Buffer.from(text)]]) };
}

/** A portal of the same files, whose page is another version. */
export function withPage(portal: Portal, change: (page: string) => string): Portal {
  const page = change(Buffer.from(portal.files.get('index.html') ?? []).toString());
  const sha256 = createHash('sha256').update(page).digest('hex');
  return { ...withFile(portal, 'index.html', page), sha256 };
}

/**
 * Serves a portal on this machine, with an agent that knows its network and nothing else.
 *
 * @param first - The portal.
 */
export async function servePortal(first: Portal): Promise<ServedPortal> {
  const agent = { network: async () => await Promise.resolve(network) } as unknown as AgentPort;
  const appOf = (portal: Portal): Hono =>
    networkApp(new Map([['hospital', agent]]), { portal, readPeople: nobody });
  let app = appOf(first);
  const serving = new Hono().all('*', async (c) => await app.fetch(c.req.raw, c.env));
  const server = await listen(serving, 0);
  return {
    url: `${server.url}/hospital/portal/`,
    change(portal) {
      app = appOf(portal);
    },
    close: async () => await server.close(),
  };
}

async function nobody(): Promise<readonly never[]> {
  return await Promise.resolve([]);
}
