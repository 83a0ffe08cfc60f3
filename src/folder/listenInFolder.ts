import { lstatSync, renameSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { bytesToHex } from '../crypto/bytes.ts';
import { systemRandom } from './systemRandom.ts';
import { shortPath } from './shortPath.ts';

/** A server that listens at a Unix socket. */
export interface SocketPlace {
  /** Tells whether the socket at the path is still this server's. */
  isOurs(): boolean;
  /** Ends, and removes the socket if it is still this server's. */
  close(): Promise<void>;
}

/**
 * Listens at a Unix socket of mode 0600, which replaces one that is there: it listens under a temporary name first, so
 * that a socket at the path always answers.
 *
 * @param server - The server.
 * @param folder - The folder; nobody else may write there.
 * @param name - The socket's name.
 * @throws Error of the system; RangeError if the path is too long for a socket.
 */
export async function listenInFolder(
  server: Server,
  folder: string,
  name: string,
): Promise<SocketPlace> {
  const place = join(folder, name);
  const arriving = join(folder, `${bytesToHex(systemRandom(4)).slice(2)}.sock`);
  const short = shortPath(arriving);
  if (short === undefined) throw new RangeError('the path is too long for a socket');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // The socket is made within this call: nothing else of this process sees the mask.
    const mask = process.umask(0o177);
    try {
      server.listen(short, resolve);
    } finally {
      process.umask(mask);
    }
  });
  const inode = inodeOf(arriving);
  renameSync(arriving, place);
  const isOurs = (): boolean => inodeOf(place) === inode;
  return {
    isOurs,
    async close() {
      if (isOurs()) rmSync(place, { force: true });
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

/** Returns the inode of the file at a path; 0 if absent. */
function inodeOf(path: string): bigint {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? 0n;
}
