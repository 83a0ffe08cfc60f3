import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MedsealError } from '../../errors/MedsealError.ts';
import { shortPath } from '../sockets/shortPath.ts';
import { SOCKET, type SnapshotAnswer } from './snapshotProtocol.ts';

/** A snapshot of a running node. */
export interface HeldSnapshot {
  /** The moment that it is of, Unix seconds. */
  readonly at: number;
  /** Milliseconds for which writes were held back. */
  readonly paused: number;
  /** Whether it is still there: it goes with the node. */
  isThere(): boolean;
  /** Lets the node take it away; resolves when it is gone. */
  release(): Promise<void>;
}

/**
 * Asks the node that runs on a folder for a snapshot.
 *
 * @param data - The data folder.
 * @throws MedsealError `BACKUP_FAILED`, with what to do.
 */
export async function askSnapshot(data: string): Promise<HeldSnapshot> {
  const path = shortPath(join(data, SOCKET));
  if (path === undefined) throw failed('the path of the folder is too long to reach its node');
  const connection = await connected(path);
  let there = true;
  connection.on('error', () => connection.destroy());
  const closed = new Promise<void>((resolve) => {
    connection.once('close', () => {
      there = false;
      resolve();
    });
  });
  const answer = await answerOf(connection);
  if (!('failed' in answer)) {
    return {
      ...answer,
      isThere: () => there,
      async release() {
        connection.resume();
        connection.end();
        await closed;
      },
    };
  }
  connection.destroy();
  throw failed(answer.failed);
}

async function connected(path: string): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const connection = connect(path, () => resolve(connection));
    connection.once('error', () => reject(failed('its node can not be reached')));
  });
}

async function answerOf(connection: Socket): Promise<SnapshotAnswer> {
  for await (const line of createInterface(connection)) return JSON.parse(line) as SnapshotAnswer;
  throw failed('its node stopped');
}

function failed(reason: string): MedsealError {
  return new MedsealError('BACKUP_FAILED', { reason });
}
