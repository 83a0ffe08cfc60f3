import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { findEngine } from '../../../scripts/findEngine.ts';
import type { Bytes32 } from '../../protocol/ids.ts';

const { signer: PROGRAM } = findEngine();

/** A remote signer under test: that of CometBFT, with a key in a folder. */
export interface TestSigner {
  /** Resolves once it signed something of a block of such a height, or of a later one. */
  untilSigned(height: number): Promise<void>;
  /** Height of the last block that it signed something of; 0 before the first. */
  readonly signed: number;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

/**
 * Returns the public key of a remote signer under test, which it makes the first time.
 *
 * @param folder - Its folder.
 */
export function testSignerKey(folder: string): Bytes32 {
  const { stdout } = spawnSync(PROGRAM, [folder], { encoding: 'utf8' });
  return (JSON.parse(stdout) as { key: Bytes32 }).key;
}

/**
 * Starts a remote signer under test. It connects, and connects again, to the engine.
 *
 * @param folder - Its folder.
 * @param address - The address at which the engine takes it.
 * @param chain - Name of the chain that it signs for.
 */
export function startTestSigner(folder: string, address: string, chain: string): TestSigner {
  const child: ChildProcess = spawn(PROGRAM, [folder, address, chain], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let signed = 0;
  const lookers = new Set<() => void>();
  if (child.stdout !== null) {
    createInterface(child.stdout).on('line', (line) => {
      signed = Math.max(signed, (JSON.parse(line) as { signed?: number }).signed ?? 0);
      for (const look of lookers) look();
    });
  }
  return {
    get signed() {
      return signed;
    },
    async untilSigned(height) {
      await new Promise<void>((resolve) => {
        const look = (): void => {
          if (signed < height) return;
          lookers.delete(look);
          resolve();
        };
        lookers.add(look);
        look();
      });
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'close');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
