import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

const BINARY = new URL('../../../node_modules/.bin/anvil', import.meta.url).pathname;

/** Why anvil cannot be run here; undefined if it can. */
export const anvilMissing: string | undefined = existsSync(BINARY)
  ? undefined
  : 'the npm package @foundry-rs/anvil has no binary for this machine';

const OPTIONS =
  '--port 0 --chain-id 4242 --accounts 0 --base-fee 0 --gas-price 0 --disable-min-priority-fee'.split(
    ' ',
  );

/**
 * Starts anvil on any free port of loopback: chain id 4242, no fees, a block per transaction.
 * @param timestamp - Of block 0, seconds.
 */
export async function startAnvil(
  timestamp: number,
): Promise<{ url: string; close(): Promise<void> }> {
  const child = spawn(BINARY, [...OPTIONS, '--timestamp', String(timestamp)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  for await (const line of createInterface(child.stdout)) {
    const address = /Listening on (127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (address === undefined) continue;
    child.stdout.resume();
    return {
      url: `http://${address}`,
      async close() {
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error('anvil ended before it listened');
}
