import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A push of a node, as a push service sees it. */
export interface PushSeen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: number;
}

/** A push service on this machine. */
export interface PushService {
  /** Its origin, for the configuration of a node. */
  readonly origin: string;
  readonly seen: readonly PushSeen[];
  /** Status of all answers from now on, 201 at first, with the address of a redirect. */
  answer(status: number, location?: string): void;
  /** Resolves with the push of this number, from 1, once it came. */
  push(number: number): Promise<PushSeen>;
  close(): Promise<void>;
}

/** Starts a push service that counts. */
export async function startPushService(): Promise<PushService> {
  const seen: PushSeen[] = [];
  const waiting: { readonly number: number; readonly resolve: (push: PushSeen) => void }[] = [];
  let answers: { readonly status: number; readonly location?: string } = { status: 201 };
  const server = createServer((request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => (bytes += chunk.length));
    request.on('end', () => {
      const { method, url: path, headers } = request;
      const push = { method, path, headers, bytes };
      seen.push(push);
      const { status, location } = answers;
      response.writeHead(status, location === undefined ? {} : { location }).end();
      for (const { number, resolve } of waiting) if (number === seen.length) resolve(push);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    answer(status, location) {
      answers = { status, ...(location !== undefined && { location }) };
    },
    async push(number) {
      const known = seen[number - 1];
      if (known !== undefined) return known;
      return await new Promise((resolve) => waiting.push({ number, resolve }));
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
