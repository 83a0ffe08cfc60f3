import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Shape } from '../protocol/wire/findShapeError.ts';
import { isOfShape } from '../protocol/wire/isOfShape.ts';
import type { Of } from '../protocol/struct/Of.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { shortPath } from '../folder/shortPath.ts';
import type { BackupSignature } from './Manifest.ts';
import {
  SIGN_ANSWER,
  SNAPSHOT_ANSWER,
  SNAPSHOT_SOCKET,
  type SignQuestion,
} from './snapshotProtocol.ts';

/** The most characters that a node's answer has. */
const LONGEST_ANSWER = 64 * 1024;
const UNFIT = 'the process that listens at its socket is not a node';

/** A snapshot of a running node. */
export interface HeldSnapshot {
  /** Moment of the snapshot, Unix seconds. */
  readonly at: number;
  /** Milliseconds for which writes were held back. */
  readonly paused: number;
  /**
   * Asks the node to sign a backup of it.
   * @param sha256 - Of all lines of its manifest but the last.
   * @throws MedsealError `BACKUP_FAILED`.
   */
  sign(sha256: Bytes32): Promise<readonly BackupSignature[]>;
  /** Tells whether it is still there; it is gone once the node stops. */
  isThere(): boolean;
  /** Lets the node delete it; resolves when it is gone. */
  release(): Promise<void>;
}

/**
 * Asks the node that runs on a folder for a snapshot.
 *
 * @param data - The data folder.
 * @throws MedsealError `BACKUP_FAILED`, with advice.
 */
export async function askSnapshot(data: string): Promise<HeldSnapshot> {
  const path = shortPath(join(data, SNAPSHOT_SOCKET));
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
  const answer = await lineOf(connection)
    .then((line) => parseAnswer(SNAPSHOT_ANSWER, line))
    .catch((error: unknown) => {
      connection.destroy();
      throw error;
    });
  if (!('failed' in answer)) {
    return {
      ...answer,
      async sign(sha256) {
        const question: SignQuestion = { sign: sha256 };
        connection.write(`${JSON.stringify(question)}\n`);
        const signed = parseAnswer(SIGN_ANSWER, await lineOf(connection));
        if ('failed' in signed) throw failed(signed.failed);
        return signed.signatures;
      },
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
    connection.once('error', () => reject(failed('its node cannot be reached')));
  });
}

async function lineOf(connection: Socket): Promise<string> {
  let line = '';
  // The connection stays open after the line, for it holds the snapshot.
  for await (const part of connection.iterator({ destroyOnReturn: false })) {
    line += String(part);
    if (line.includes('\n')) return line.slice(0, line.indexOf('\n'));
    if (line.length > LONGEST_ANSWER) break;
  }
  throw failed(line === '' ? 'its node stopped' : UNFIT);
}

function parseAnswer<const S extends Shape>(shape: S, line: string): Of<S> {
  try {
    const value: unknown = JSON.parse(line);
    if (isOfShape(shape, value)) return value;
  } catch {
    // The error is thrown below.
  }
  throw failed(UNFIT);
}

function failed(reason: string): MedsealError {
  return new MedsealError('BACKUP_FAILED', { reason });
}
