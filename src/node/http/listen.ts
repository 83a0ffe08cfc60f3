import { STATUS_CODES, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
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

/** The head of a request; how long a body may take is for whoever reads it, who knows what it is. */
const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 15_000,
  // Node looks every half a minute otherwise.
  connectionsCheckingInterval: 2500,
  requestTimeout: 0,
};
const MOST_CONNECTIONS = 4096;
/** How long a connection may be silent, milliseconds. */
const SILENCE = 120_000;

/**
 * Listens on an address.
 *
 * @param app - What answers.
 * @param port - The port; 0 for any free one.
 * @param host - The address; the loopback address unless given.
 * @throws MedsealError `PORT_IN_USE`; `ADDRESS_UNUSABLE` where this machine does not have the address.
 */
export async function listen(
  app: Hono,
  port: number,
  host: string = '127.0.0.1',
): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: LIMITS }) as Server;
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout(SILENCE);
  server.on('clientError', answerBroken);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE' || cause.code === 'EACCES';
      const error = taken
        ? new MedsealError('PORT_IN_USE', { port }, { cause })
        : new MedsealError('ADDRESS_UNUSABLE', { address: host }, { cause });
      reject(error);
    });
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
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

/** Answers what is not a request: its head is too large, late, or not one of HTTP. */
function answerBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = brokenBy(error.code).toProblem();
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function brokenBy(code: string | undefined): MedsealError {
  if (code === 'HPE_HEADER_OVERFLOW') return new MedsealError('HEADERS_TOO_LARGE', {});
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new MedsealError('REQUEST_SLOW', {});
  return new MedsealError('REQUEST_MALFORMED', { what: 'HTTP' });
}
