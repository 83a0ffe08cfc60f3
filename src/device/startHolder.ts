import { spawn } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MedsealError } from '../errors/MedsealError.ts';
import { checkOwn } from './checkOwn.ts';

/** Time in which a process must begin, milliseconds. */
const PATIENCE = 20_000;

/**
 * Starts a process that holds a key's seed, and goes on when this one ends.
 *
 * @param folder - The key's folder.
 * @param seed - 32 bytes; they go through a pipe.
 * @param milliseconds - Time for which it holds the seed.
 * @returns When it ends, milliseconds since 1970. From now on it can be asked.
 * @throws MedsealError `UNLOCK_FAILED` if it does not begin; `KEYSTORE_INVALID` if others can write in the
 * folder.
 */
export async function startHolder(
  folder: string,
  seed: Uint8Array,
  milliseconds: number,
): Promise<number> {
  await checkOwn(folder, 0o022);
  const program = fileURLToPath(
    new URL(`holderProcess${extname(import.meta.url)}`, import.meta.url),
  );
  // Without SIGUSR1, which would let a debugger in.
  const child = spawn(process.execPath, ['--disable-sigusr1', program, String(milliseconds)], {
    cwd: folder,
    detached: true,
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return await new Promise((resolve, reject) => {
    let said = '';
    const giveUp = (): void => {
      child.kill();
      reject(new MedsealError('UNLOCK_FAILED', { reason: 'no process can be started to hold it' }));
    };
    const patience = setTimeout(giveUp, PATIENCE);
    child.stdout.on('data', (part: Buffer) => (said += part.toString()));
    child.once('error', giveUp);
    child.stdin.once('error', giveUp);
    child.stdout.once('close', () => {
      clearTimeout(patience);
      if (!/^\d+\n$/.test(said)) {
        giveUp();
        return;
      }
      child.unref();
      resolve(Number(said));
    });
    child.stdin.end(Buffer.from(seed));
  });
}
