import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { freePorts } from '../../scripts/freePorts.ts';
import { findStore, type StoreProgram } from '../../scripts/stores/findStore.ts';
import { serverStoreCases, type ServerKind } from './serverStore.cases.ts';
import { startKubo } from './test/startKubo.ts';
import { startVersitygw } from './test/startVersitygw.ts';
import type { StoreServer } from './test/StoreServer.ts';

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

const SERVERS: readonly [StoreProgram, string, ServerKind, typeof startKubo][] = [
  ['versitygw', 'an S3 server (versitygw)', 's3', startVersitygw],
  ['kubo', 'an IPFS node (Kubo)', 'ipfs', startKubo],
];
for (const [program, name, kind, run] of SERVERS) {
  const { path, built } = findStore(program);
  if (built) serverStoreCases(name, kind, startOn(path, run), 2 ** 30);
  else {
    describe(`sealed files at ${name}`, () => {
      it('pass the same cases', { skip: 'npm run stores:build makes its program; it needs Go' });
    });
  }
}
