import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { freePorts } from '../../../scripts/freePorts.ts';
import { findStore, type StoreProgram } from '../../../scripts/stores/findStore.ts';
import type { ServerKind } from '../serverStore.cases.ts';
import { startKubo } from './startKubo.ts';
import { startVersitygw } from './startVersitygw.ts';
import type { StoreServer } from './StoreServer.ts';

const SERVERS: readonly [StoreProgram, string, ServerKind, typeof startKubo][] = [
  ['versitygw', 'an S3 server (versitygw)', 's3', startVersitygw],
  ['kubo', 'an IPFS node (Kubo)', 'ipfs', startKubo],
];

/**
 * Declares cases for each real server of stores whose program is built, and says of the others what builds them.
 *
 * @param cases - Declares the cases of a server; an S3 server has an empty bucket `medseal`.
 */
export function atRealServers(
  cases: (name: string, kind: ServerKind, start: () => Promise<StoreServer>) => void,
): void {
  for (const [program, name, kind, run] of SERVERS) {
    const { path, built } = findStore(program);
    if (built) cases(name, kind, startOn(path, run));
    else {
      describe(`sealed files at ${name}`, () => {
        it('pass the same cases', { skip: 'npm run build stores makes its program; it needs Go' });
      });
    }
  }
}

/** Starts a program on a folder of its own, which goes when it stops. */
function startOn(
  program: string,
  run: (program: string, folder: string, port: number) => Promise<StoreServer>,
): () => Promise<StoreServer> {
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'medseal-store-'));
    await mkdir(join(folder, 'medseal'));
    const [port = 0] = await freePorts(1);
    const server = await run(program, folder, port);
    return {
      ...server,
      async stop() {
        await server.stop();
        await rm(folder, { recursive: true });
      },
    };
  };
}
