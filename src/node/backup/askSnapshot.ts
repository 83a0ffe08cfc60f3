import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { Either, findMisfit } from '../../protocol/findMisfit.ts';
import { shortPath } from '../sockets/shortPath.ts';
import { SOCKET, type SnapshotAnswer } from './snapshotProtocol.ts';

/** The most characters that a node's answer has. */
const LONGEST_ANSWER = 4096;
const ANSWER = new Either({ at: 'count', paused: 'count' }, { failed: 'text' });
const UNFIT = 'what listens at its socket is no node';

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
  const answer = await answerOf(connection).catch((error: unknown) => {
    connection.destroy();
    throw error;
  });
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
  let line = '';
  // It is not destroyed when the line is there: the connection holds the snapshot.
  for await (const part of connection.iterator({ destroyOnReturn: false })) {
    line += String(part);
    if (line.includes('\n')) return parseSnapshotAnswer(line.slice(0, line.indexOf('\n')));
    if (line.length > LONGEST_ANSWER) break;
  }
  throw failed(line === '' ? 'its node stopped' : UNFIT);
}

function parseSnapshotAnswer(line: string): SnapshotAnswer {
  try {
    const value: unknown = JSON.parse(line);
    if (findMisfit(ANSWER, value, 'answer') === undefined) return value as SnapshotAnswer;
  } catch {
    // It is said below what it is not.
  }
  throw failed(UNFIT);
}

function failed(reason: string): MedsealError {
  return new MedsealError('BACKUP_FAILED', { reason });
}
