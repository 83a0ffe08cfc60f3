import { lstat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { MedsealError } from '../errors/MedsealError.ts';
import { shortPath } from '../folder/shortPath.ts';
import { checkOwn } from './checkOwn.ts';
import {
  encodeQuestion,
  LONGEST_ANSWER,
  parseAnswer,
  HOLDER_SOCKET,
  type HolderAnswer,
  type HolderQuestion,
} from './holderProtocol.ts';

/** Time in which an answer must come, milliseconds. */
const PATIENCE = 2000;

/**
 * Asks the process that holds a key's seed.
 *
 * @param folder - The key's folder.
 * @param question - The question.
 * @returns The answer, or undefined if no process holds the key.
 * @throws MedsealError `KEYSTORE_INVALID` if others can reach the folder or the socket; `UNLOCK_FAILED` if the
 * process does not answer.
 */
export async function askHolder(
  folder: string,
  question: HolderQuestion,
): Promise<HolderAnswer | undefined> {
  const socket = join(folder, HOLDER_SOCKET);
  if (!(await isThere(socket))) return undefined;
  await checkOwn(folder, 0o022);
  await checkOwn(socket, 0o077);
  const bytes = await exchange(reachable(socket), encodeQuestion(question));
  return bytes && parseAnswer(bytes, question);
}

async function isThere(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isSocket() === true;
}

function reachable(socket: string): string {
  const path = shortPath(socket);
  if (path !== undefined) return path;
  throw new MedsealError('UNLOCK_FAILED', { reason: 'the path of the keystore is too long' });
}

async function exchange(path: string, question: string): Promise<Uint8Array | undefined> {
  return await new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    const connection = connect(path);
    connection.setTimeout(PATIENCE, () => connection.destroy());
    connection.on('connect', () => connection.end(question));
    let size = 0;
    connection.on('data', (part) => {
      parts.push(part);
      size += part.length;
      if (size > LONGEST_ANSWER) connection.destroy();
    });
    connection.on('error', ({ code }: NodeJS.ErrnoException) => {
      // A process that was killed leaves its socket, at which nobody listens.
      if (code === 'ECONNREFUSED' || code === 'ENOENT') resolve(undefined);
      else reject(new MedsealError('UNLOCK_FAILED', { reason: 'its socket cannot be reached' }));
    });
    connection.on('close', () => resolve(new Uint8Array(Buffer.concat(parts))));
  });
}
