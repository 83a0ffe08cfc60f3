import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** Ports that systems give nobody by themselves: Linux and macOS give from 32,768 and 49,152, others take fixed ones below. */
const RANGE = { from: 15_000, to: 32_000 } as const;

/**
 * Finds free ports of loopback, all different; nodes must know each other's ports before they run. Systems give
 * no connection one of these: a connection could take another one before its node listens, or while a node is stopped.
 *
 * @param count - Number of ports.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const found = new Map<number, Server>();
  while (found.size < count) {
    const port = randomInt(RANGE.from, RANGE.to);
    const server = found.has(port) ? undefined : await listen(port);
    if (server !== undefined) found.set(port, server);
  }
  await Promise.all(
    [...found.values()].map(async (server) => {
      await new Promise((resolve) => server.close(resolve));
    }),
  );
  return [...found.keys()];
}

/** Undefined if another has the port. */
async function listen(port: number): Promise<Server | undefined> {
  const server = createServer();
  return await new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
