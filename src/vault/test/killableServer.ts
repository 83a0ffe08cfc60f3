import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { StoreServer } from './StoreServer.ts';

/**
 * Starts a server as a process that can be killed and started again.
 *
 * @param port - Its port on loopback.
 * @param start - Starts the process, and resolves when it listens.
 */
export async function killableServer(
  port: number,
  start: () => Promise<ChildProcess>,
): Promise<StoreServer> {
  let child = await start();
  const stop = async (): Promise<void> => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    async restart() {
      await stop();
      child = await start();
    },
    stop,
  };
}
