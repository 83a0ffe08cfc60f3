import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { StoreServer } from './StoreServer.ts';

/**
 * Starts an IPFS node that talks to nobody.
 *
 * @param program - Kubo.
 * @param folder - An empty folder for it.
 * @param port - A free port.
 */
export async function startKubo(
  program: string,
  folder: string,
  port: number,
): Promise<StoreServer> {
  const env = { ...process.env, IPFS_PATH: folder };
  const run = (...args: readonly string[]): void => {
    const { status, stderr } = spawnSync(program, args, { env });
    if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr.toString()}`);
  };
  run('init', '--profile=test');
  run('config', 'Addresses.API', `/ip4/127.0.0.1/tcp/${port}`);
  run('config', 'Addresses.Gateway', '');
  run('config', '--json', 'Addresses.Swarm', '[]');
  const start = async () => {
    const child = spawn(program, ['daemon', '--offline'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes('Daemon is ready')) break;
    }
    child.stdout.resume();
    return child;
  };
  let child = await start();
  const end = async (): Promise<void> => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    async restart() {
      await end();
      child = await start();
    },
    stop: end,
  };
}
