import { rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../protocol/Clock.ts';
import { isOfShape } from '../protocol/wire/isOfShape.ts';
import { listenInFolder } from '../folder/listenInFolder.ts';
import type { BackupSignature } from './Manifest.ts';
import type { SignedManifest } from './signManifest.ts';
import {
  SIGN_QUESTION,
  SNAPSHOT,
  SNAPSHOT_SOCKET,
  type SignAnswer,
  type SnapshotAnswer,
} from './snapshotProtocol.ts';
import { takeSnapshot } from './takeSnapshot.ts';
import type { WriteGate } from '../database/WriteGate.ts';

/** Options of `serveSnapshots`. */
export interface SnapshotService {
  /** The data folder, which is its owner's alone. */
  readonly data: string;
  /** Gate that all of the node's databases write through. */
  readonly gate: WriteGate;
  readonly clock: Clock;
  /** Signs a backup of the folder. */
  readonly sign: (manifest: SignedManifest) => Promise<readonly BackupSignature[]>;
  /** Called once a backup was signed, with the moment of its snapshot, Unix seconds. */
  readonly onSigned?: (at: number) => Promise<void>;
}

/** The most characters of a question. */
const LONGEST = 1024;

/**
 * Serves snapshots of a running node at a Unix socket in its folder, which only its owner can reach. One is served at
 * once; it stays as long as the connection lasts.
 *
 * @param service - Folder, gate and signer.
 * @returns Call it to end; undefined if the folder's path is too long for a socket: a backup then needs the node to
 * be stopped.
 */
export async function serveSnapshots(service: SnapshotService): Promise<() => Promise<void>> {
  const { data, gate, clock, sign, onSigned } = service;
  const root = join(data, SNAPSHOT);
  // A process that was killed leaves its snapshot.
  await rm(root, { recursive: true, force: true });
  let holder: Socket | undefined;
  let taking: Promise<unknown> = Promise.resolve();
  /** Moment of the last snapshot. */
  let at = 0;
  const connections = new Set<Socket>();
  const letGo = async (connection: Socket): Promise<void> => {
    if (holder !== connection) return;
    // A client that is killed may leave a snapshot that is still being taken: the next one must wait for it.
    await taking;
    // A folder that cannot be removed now is removed before the next snapshot.
    await rm(root, { recursive: true, force: true }).catch(() => undefined);
    if (holder === connection) holder = undefined;
  };
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    connections.add(connection);
    connection.on('error', () => connection.destroy());
    let asked = '';
    connection.on('data', (part) => {
      asked += String(part);
      if (asked.length > LONGEST) connection.destroy();
      const end = asked.indexOf('\n');
      if (end < 0) return;
      const question = asked.slice(0, end);
      asked = asked.slice(end + 1);
      if (holder === connection) void signed(question).then((said) => answer(connection, said));
    });
    // A client that ends the connection is told when the snapshot is gone; one that is killed is not.
    connection.once('end', () => void letGo(connection).finally(() => connection.end()));
    connection.once('close', () => {
      connections.delete(connection);
      void letGo(connection);
    });
    if (holder !== undefined) {
      answer(connection, { failed: 'another backup is being made' });
      connection.end();
      return;
    }
    holder = connection;
    taking = takeSnapshot(data, gate, clock).then(
      (taken) => {
        at = taken.at;
        answer(connection, taken);
      },
      (error: unknown) => {
        answer(connection, { failed: String(error) });
        connection.end();
      },
    );
  });
  const listening = await listenInFolder(server, data, SNAPSHOT_SOCKET);
  return async () => {
    for (const connection of connections) connection.destroy();
    await listening.close();
    await rm(root, { recursive: true, force: true });
  };

  async function signed(question: string): Promise<SignAnswer> {
    try {
      const value: unknown = JSON.parse(question);
      if (!isOfShape(SIGN_QUESTION, value)) return { failed: 'the question is malformed' };
      await taking;
      const signatures = await sign({ at, sha256: value.sign });
      // The backup is whole, whether this can be noted or not.
      await onSigned?.(at).catch(() => undefined);
      return { signatures };
    } catch (error) {
      return { failed: String(error) };
    }
  }
}

function answer(connection: Socket, said: SnapshotAnswer | SignAnswer): void {
  if (!connection.destroyed) connection.write(`${JSON.stringify(said)}\n`);
}
