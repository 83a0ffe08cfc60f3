import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket, type SecureContext } from 'node:tls';
import type { Clock } from '../protocol/Clock.ts';

/** Longest handshake, milliseconds. */
export const LONGEST_HANDSHAKE = 10_000;

/** A server's end of TLS. */
export interface TlsDoor {
  /** Its key and certificate. */
  readonly context: SecureContext;
  /** Tells, once the handshake is done, whether the other end may make requests. */
  readonly admits: (socket: TLSSocket) => boolean;
  /** True if clients need not be known: a silent connection is cut off as soon as one without TLS. */
  readonly isOpen?: boolean;
}

/**
 * Makes a server speak TLS: a connection reaches HTTP once its handshake is done and its other end is admitted; until then
 * nothing that it sends is read as HTTP. The server asks each client for a certificate.
 *
 * @param server - The server; it does not listen yet.
 * @param door - Key, certificate, and the rule that admits.
 * @param options - Timers, and what is told of each connection before its handshake begins.
 * @returns A function that cuts off every connection whose handshake is not done.
 */
export function acceptTls(
  server: Server,
  { context, admits }: TlsDoor,
  { clock, onSocket }: { readonly clock: Clock; readonly onSocket: (socket: Socket) => void },
): () => void {
  const serve = server.listeners('connection') as ((socket: Socket) => void)[];
  const handshakes = new Set<TLSSocket>();
  server.removeAllListeners('connection');
  server.on('connection', (raw) => {
    // As on every socket of `node:tls`: an error of the connection beneath ends the one above.
    raw.on('error', () => raw.destroy());
    const socket = new TLSSocket(raw, {
      isServer: true,
      secureContext: context,
      requestCert: true,
      // There is no authority to ask: `admits` compares the key.
      rejectUnauthorized: false,
    });
    handshakes.add(socket);
    const cancel = clock.after(LONGEST_HANDSHAKE, () => socket.destroy());
    const end = (): void => {
      cancel();
      handshakes.delete(socket);
    };
    const fail = (): void => void socket.destroy();
    socket.on('error', fail);
    socket.once('close', end);
    socket.once('secure', () => {
      end();
      if (!admits(socket)) {
        socket.destroy();
        return;
      }
      socket.removeListener('error', fail);
      for (const each of serve) each.call(server, socket);
    });
    onSocket(socket);
  });
  return () => {
    for (const socket of handshakes) socket.destroy();
  };
}
