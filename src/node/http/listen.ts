import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { MedsealError } from '../../errors/MedsealError.ts';

/** A server that listens. */
export interface Listening {
  /** Where, such as `http://127.0.0.1:8480`. */
  readonly url: string;
  /** Ends after the answers that are under way. */
  close(): Promise<void>;
}

/**
 * Listens on the loopback address.
 *
 * @param app - What answers.
 * @param port - The port; 0 for any free one.
 * @throws MedsealError `PORT_IN_USE`.
 */
export async function listen(app: Hono, port: number): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE' || cause.code === 'EACCES';
      reject(taken ? new MedsealError('PORT_IN_USE', { port }, { cause }) : cause);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeIdleConnections();
      const patience = setTimeout(() => server.closeAllConnections(), 2000);
      await closed;
      clearTimeout(patience);
    },
  };
}
