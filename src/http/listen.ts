import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Clock } from '../protocol/Clock.ts';
import { endsWithin } from '../protocol/endsWithin.ts';
import { systemClock } from '../folder/systemClock.ts';
import { acceptTls, type TlsDoor } from './acceptTls.ts';
import { answerProblem } from './answerProblem.ts';
import { TrustedProxies } from './callers/TrustedProxies.ts';
import { Connections } from './limits/Connections.ts';
import { DEFAULT_REQUEST_LIMITS, type RequestLimits } from './limits/RequestLimits.ts';

/** A server that listens. */
export interface Listening {
  /** Its URL, such as `http://127.0.0.1:8480`. */
  readonly url: string;
  /** Stops after the answers that are under way, also those whose caller went away, or some seconds later. */
  close(): Promise<void>;
}

/** Options of `listen`. */
export interface ListenOptions {
  readonly limits?: Partial<Pick<RequestLimits, 'connections' | 'leastRate'>>;
  /** Addresses of proxies in front: they may have more than an eighth of the connections. */
  readonly proxies?: readonly string[];
  /** Serves HTTPS, to clients that it admits; plain HTTP if absent. */
  readonly tls?: TlsDoor;
  /** Clock; the machine's if absent. */
  readonly clock?: Clock;
}

/** Limits on the head of a request; the code that reads a body limits its time. */
const LIMITS = {
  maxHeaderSize: 16 * 1024,
  // Also the longest silence of a new connection.
  headersTimeout: 10_000,
  // The default of Node is half a minute.
  connectionsCheckingInterval: 2500,
  requestTimeout: 0,
  // Longest silence of a connection that was answered.
  keepAliveTimeout: 5000,
};
/** The same of a client that was admitted by its certificate, which costs a handshake. */
const ADMITTED = { ...LIMITS, keepAliveTimeout: 60_000 };
/** Longest silence of a connection while it is answered, milliseconds. */
const SILENCE = 120_000;
/** Longest time that answers under way are given at the end, milliseconds. */
const PATIENCE = 2000;

/**
 * Listens on an address.
 *
 * @param app - The app that answers.
 * @param port - The port; 0 for any free one.
 * @param host - The address; the loopback address unless given.
 * @param options - Limits of connections.
 * @throws MedsealError `PORT_IN_USE`; `ADDRESS_UNUSABLE` if this machine does not have the address.
 */
export async function listen(
  app: Hono,
  port: number,
  host: string = '127.0.0.1',
  { limits, proxies = [], tls, clock = systemClock }: ListenOptions = {},
): Promise<Listening> {
  const underWay = new Set<Promise<unknown>>();
  const server = createAdaptorServer({
    fetch: async (request, env) => {
      if (hasStrayBody(env.incoming)) return answerStrayBody();
      const answer = Promise.resolve(app.fetch(request, env));
      underWay.add(answer);
      return await answer.finally(() => underWay.delete(answer));
    },
    serverOptions: tls === undefined || tls.isOpen === true ? LIMITS : ADMITTED,
  }) as Server;
  const { connections: most, leastRate } = { ...DEFAULT_REQUEST_LIMITS, ...limits };
  const trusted = new TrustedProxies(proxies);
  const connections = new Connections({ most, leastRate, proxies: trusted, clock });
  server.setTimeout(SILENCE);
  const onSocket = (socket: Socket): void => connections.add(socket);
  const cutHandshakes = tls && acceptTls(server, tls, { clock, onSocket });
  if (tls === undefined) server.on('connection', onSocket);
  server.prependListener('request', (request, answer) => connections.begin(request, answer));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
    answerBroken(error, socket, connections.answersOf(socket)),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      connections.close();
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
    url: `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeIdleConnections();
      cutHandshakes?.();
      const patience = setTimeout(() => server.closeAllConnections(), PATIENCE);
      await closed;
      clearTimeout(patience);
      // A caller that goes away ends its connection, and not the work for it, which uses stores that are closed next.
      await endsWithin(systemClock, PATIENCE, Promise.allSettled(underWay));
      connections.close();
    },
  };
}

const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Tells whether a body comes that no code reads: it would stay in memory for as long as its request waits. */
function hasStrayBody({
  method = '',
  headers,
}: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  const { 'transfer-encoding': encoding, 'content-length': length = '0' } = headers;
  return BODILESS.has(method) && (encoding !== undefined || length !== '0');
}

function answerStrayBody(): Response {
  const answer = answerProblem(new MedsealError('REQUEST_MALFORMED', { what: 'body' }));
  answer.headers.set('connection', 'close');
  return answer;
}

/**
 * Answers bytes that are not a request: the head is too large, late, or not HTTP. If an earlier request of the connection
 * waits for its answer, the caller would take this one for it, or for a part of it: then the connection is cut off.
 */
function answerBroken(
  error: NodeJS.ErrnoException,
  socket: Socket,
  answers: readonly ServerResponse[],
): void {
  const [first, ...more] = answers;
  const isOfFirst = first === undefined || !(first.headersSent || first.req.complete);
  if (error.code === 'ECONNRESET' || !socket.writable || !isOfFirst || more.length > 0) {
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
