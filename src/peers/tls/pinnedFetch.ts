import { Agent, request, type AgentOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { Readable, type Duplex } from 'node:stream';
import { connect, type ConnectionOptions } from 'node:tls';
import { LONGEST_HANDSHAKE } from '../../http/acceptTls.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { TlsIdentity } from './TlsIdentity.ts';

/** Answers without a body. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Makes a `fetch` that reaches one organisation's node over TLS and nobody else: it shows its own certificate, and sends
 * no byte of a call before the other end has proved that it has the key that the network file pins for it. Connections
 * are kept and used again.
 *
 * @param identity - The caller's key, and the pinned ones.
 * @param receiver - The organisation that must be at the other end.
 * @param anyKey - True for questions whose answers prove themselves: the other end's key is not compared, for it may have
 * changed.
 * @returns A function for `https:` addresses that follows no redirects; the body is text or bytes.
 */
export function pinnedFetch(
  identity: TlsIdentity,
  receiver: Organisation,
  anyKey: boolean = false,
): typeof globalThis.fetch {
  const agent = new PinnedAgent(identity, receiver, anyKey);
  return async (url, { method = 'GET', headers, body, signal } = {}) =>
    await new Promise((resolve, reject) => {
      const call = request(url instanceof Request ? url.url : url, {
        agent,
        method,
        headers: Object.fromEntries(new Headers(headers)),
        ...(signal && { signal }),
      });
      call.on('error', reject);
      // The call itself ends only once its connection is there.
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      call.once('response', (answer) => {
        const { statusCode = 0 } = answer;
        if (statusCode < 300 || statusCode >= 400) return resolve(responseOf(answer, statusCode));
        answer.destroy();
        reject(new Error(`${receiver} redirects`));
      });
      call.end(body);
    });
}

function responseOf(answer: IncomingMessage, status: number): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    if (typeof value === 'string') headers.set(name, value);
  }
  if (!BODILESS.has(status)) {
    return new Response(Readable.toWeb(answer) as ReadableStream, { status, headers });
  }
  answer.resume();
  return new Response(null, { status, headers });
}

/** Keeps connections to one organisation, and gives a call none whose other end is not that organisation. */
class PinnedAgent extends Agent {
  readonly #identity: TlsIdentity;
  readonly #receiver: Organisation;
  readonly #anyKey: boolean;

  constructor(identity: TlsIdentity, receiver: Organisation, anyKey: boolean) {
    super({ keepAlive: !anyKey } satisfies AgentOptions);
    this.#identity = identity;
    this.#receiver = receiver;
    this.#anyKey = anyKey;
  }

  override createConnection(
    options: ConnectionOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const { host, port, servername } = options;
    const socket = connect({
      ...(host !== undefined && { host }),
      ...(port !== undefined && { port }),
      ...(servername !== undefined && { servername }),
      secureContext: this.#identity.context,
      // There is no authority to ask: the key itself is compared below.
      rejectUnauthorized: false,
    });
    socket.setNoDelay(true);
    const late = (): void => void socket.destroy(new Error('the handshake takes too long'));
    socket.setTimeout(LONGEST_HANDSHAKE, late);
    const fail = (error: Error): void => callback?.(error, socket);
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      if (!this.#anyKey && this.#identity.organisationAt(socket) !== this.#receiver) {
        const what = `the node at ${host}:${port} does not have the key of ${this.#receiver}`;
        socket.destroy(new Error(what));
        return;
      }
      socket.removeListener('error', fail);
      socket.setTimeout(0, late);
      callback?.(null, socket);
    });
  }
}
