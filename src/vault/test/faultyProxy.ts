import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { serveOnLoopback } from './serveOnLoopback.ts';
import { Transform } from 'node:stream';

/** Fault of a server that is asked through the proxy. */
export type StoreFault = 'none' | 'busy' | 'full' | 'silent' | 'cut' | 'lies' | 'redirects';

/** A proxy in front of a store's server, which can make it a bad one. */
export interface FaultyProxy {
  readonly url: string;
  /**
   * Sets the fault.
   * @param fault - The fault.
   * @param times - Number of requests that have it; all further ones if absent.
   */
  fail(fault: StoreFault, times?: number): void;
  /** The fault that is set. */
  readonly fault: StoreFault;
  /** Requests that came, as method and path. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** Starts a proxy on loopback in front of a server. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  let fault: StoreFault = 'none';
  let left = Number.POSITIVE_INFINITY;
  const asked: string[] = [];
  const server = await serveOnLoopback((incoming, outgoing) => {
    asked.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    const now = left > 0 ? fault : 'none';
    left -= 1;
    answer(now, incoming, outgoing);
  });
  return {
    url: server.url,
    asked,
    get fault() {
      return fault;
    },
    fail(next, times = Number.POSITIVE_INFINITY) {
      [fault, left] = [next, times];
    },
    stop: async () => await server.stop(),
  };

  function answer(now: StoreFault, incoming: IncomingMessage, outgoing: ServerResponse): void {
    if (now === 'busy' || now === 'full') {
      incoming.resume();
      const code = now === 'busy' ? 'SlowDown' : 'InsufficientStorage';
      const status = now === 'busy' ? 503 : 507;
      incoming.on('end', () =>
        outgoing.writeHead(status).end(`<Error><Code>${code}</Code></Error>`),
      );
      return;
    }
    if (now === 'redirects') {
      incoming.resume();
      outgoing.writeHead(307, { location: 'http://127.0.0.1:9/elsewhere' }).end();
      return;
    }
    if (now === 'silent') {
      incoming.resume();
      return;
    }
    const { method, url, headers } = incoming;
    const onward = request(`${target}${url ?? ''}`, { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      // Answers about a file stay true.
      const isOfFile = method === 'GET' || (url ?? '').includes('/files/read');
      response.pipe(changing(isOfFile ? now : 'none', outgoing)).pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }
}

/** Cuts a body after some bytes, or alters one of them. */
function changing(now: StoreFault, outgoing: ServerResponse): Transform {
  let seen = 0;
  return new Transform({
    transform(piece: Buffer, _, done) {
      if (now === 'lies' && seen === 0) piece[0] = (piece[0] ?? 0) ^ 1;
      seen += piece.length;
      if (now !== 'cut') {
        done(null, piece);
        return;
      }
      outgoing.write(piece.subarray(0, Math.ceil(piece.length / 2)), () => outgoing.destroy());
    },
  });
}
