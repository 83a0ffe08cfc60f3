import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { killableServer } from './killableServer.ts';
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
  return await killableServer(port, async () => {
    const child = spawn(program, ['daemon', '--offline'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes('Daemon is ready')) break;
    }
    child.stdout.resume();
    return child;
  });
}
