import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StoreServer } from './StoreServer.ts';

/**
 * Serves HTTP on a free port of loopback, within the process of the test.
 *
 * @param listener - Answers requests.
 */
export async function serveOnLoopback(listener: RequestListener): Promise<StoreServer> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => void server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    restart: async () => await Promise.resolve(server.closeAllConnections()),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** All bytes of a request's body. */
export async function bodyOf(incoming: IncomingMessage): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of incoming) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces);
}
