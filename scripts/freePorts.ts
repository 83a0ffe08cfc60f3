import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer, type Server } from 'node:net';

/** Ports that systems give nobody by themselves: Linux and macOS give from 32,768 and 49,152, others take fixed ones below. */
const RANGE = { from: 15_000, to: 32_000 } as const;

/**
 * Finds free ports of loopback, all different; nodes must know each other's ports before they run. Systems give
 * no connection one of these: a connection could take another one before its node listens, or while a node is stopped.
 * No other call gives one of them, in whichever process, until this process ends.
 *
 * @param count - Number of ports.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const found = new Map<number, Server>();
  while (found.size < count) {
    const port = randomInt(RANGE.from, RANGE.to);
    const server = (await reserve(port)) ? await listen(port) : undefined;
    if (server !== undefined) found.set(port, server);
  }
  await Promise.all(
    [...found.values()].map(async (server) => {
      await new Promise((resolve) => server.close(resolve));
    }),
  );
  return [...found.keys()];
}

/** Holds the port's number by UDP, which no node uses, until this process ends; false if another call holds it. */
async function reserve(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  return await new Promise((resolve, reject) => {
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close();
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      socket.unref();
      resolve(true);
    });
  });
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
