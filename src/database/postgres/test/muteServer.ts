import { createServer, type Socket } from 'node:net';

/** Bytes of the answer that lets anybody in and waits for a statement: AuthenticationOk and ReadyForQuery. */
const READY = Buffer.from('5200000008000000005a0000000549', 'hex');

/**
 * Starts a server at a Unix socket that takes connections and answers none, as a machine without power seems to, or that lets
 * everybody in and answers no statement.
 *
 * @param folder - Folder of the socket.
 * @param letsIn - True if it lets them in.
 * @returns Call it to end the server.
 */
export async function muteServer(folder: string, letsIn: boolean): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.once('data', () => {
      if (letsIn) socket.write(READY);
    });
    socket.on('data', () => undefined);
  });
  await new Promise<void>((resolve) => void server.listen(`${folder}/.s.PGSQL.5432`, resolve));
  return async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  };
}
