import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { killableServer } from './killableServer.ts';
import type { StoreServer } from './StoreServer.ts';

/** Credentials of the S3 server under test. */
export const TEST_CREDENTIALS = {
  accessKeyId: 'medseal-test',
  secretAccessKey: 'a-secret-that-no-log-may-have',
} as const;

/**
 * Starts an S3 server over a folder.
 *
 * @param program - versitygw.
 * @param folder - An existing folder, whose folders are buckets.
 * @param port - A free port.
 */
export async function startVersitygw(
  program: string,
  folder: string,
  port: number,
): Promise<StoreServer> {
  const { accessKeyId, secretAccessKey } = TEST_CREDENTIALS;
  return await killableServer(port, async () => {
    const started = spawn(program, ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', folder], {
      env: { ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const failed = once(started, 'exit').then(([code]) => {
      throw new Error(`the S3 server ended with ${String(code)}`);
    });
    failed.catch(() => undefined);
    await Promise.race([listening(port), failed]);
    return started;
  });
}

/** It does not say when it listens. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await new Promise((resolve) => void setTimeout(resolve, 50));
  }
}
