import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LevelDatabase } from '../database/LevelDatabase.ts';
import { openVault } from './openVault.ts';
import type { SealedStore } from './SealedStore.ts';
import type { ServerKind } from './serverStore.cases.ts';
import type { KillMoment, PutWanted } from './test/putUntilKilled.ts';
import { serverStore } from './test/serverStore.ts';
import type { StoreServer } from './test/StoreServer.ts';
import { identify, sampleBytes } from './vault.cases.ts';

/** Under and over a part of an upload in parts. */
const SIZES = [300_000, 20_000_000];
const LEASE = 1000;
const LEFT: readonly [KillMoment, string, number][] = [
  ['sends', 'half of it is sent', 0],
  ['received', 'it is at the server without its name', 0],
  ['put', 'no entry names it yet', 1],
];

/**
 * Runs the cases of a node that is killed between a put and the entry.
 *
 * @param name - Name of the server.
 * @param kind - Kind of store.
 * @param start - Starts the server; an S3 server has an empty bucket `medseal`.
 */
export function killedPutCases(
  name: string,
  kind: ServerKind,
  start: () => Promise<StoreServer>,
): void {
  describe(`a node that is killed (kill -9) between the put of a file and its entry, at ${name}`, () => {
    let server: StoreServer;
    let root: string;
    before(async () => {
      server = await start();
      root = await mkdtemp(join(tmpdir(), 'medseal-killed-'));
    });
    after(async () => {
      await server.stop();
      await rm(root, { recursive: true });
    });

    for (const [moment, when, files] of LEFT) {
      for (const size of SIZES) {
        it(`leaves nothing but a leased file, which is collected: ${size} bytes, killed when ${when}`, async () => {
          const at = {
            kind,
            url: server.url,
            folder: `${moment}-${size}`,
            organisation: 'hospital',
          };
          const index = join(root, `${moment}-${size}`);
          await killedAt({ ...at, index, moment, size, lease: LEASE });
          const store = await serverStore(at);
          const vault = await openVault({
            store,
            database: new LevelDatabase(index),
            quota: 2 ** 30,
          });
          const { hash } = identify(sampleBytes(size));
          const isThere = (await vault.stat(hash)) !== undefined;
          assert.equal(isThere, files === 1);
          assert.equal(await countIn(store), files);
          await vault.collect(LEASE - 1);
          assert.equal(await countIn(store), files, 'its lease has not ended');
          await vault.collect(LEASE);
          assert.equal(await vault.stat(hash), undefined);
          assert.equal(await countIn(store), 0);
          assert.deepEqual(await vault.usage(), { files: 0, bytes: 0 });
          await vault.close();
        });
      }
    }
  });
}

/** Has a process put a file, and kills it at a moment of that. */
async function killedAt(wanted: PutWanted): Promise<void> {
  const program = new URL('test/putUntilKilled.ts', import.meta.url);
  const child = fork(program, { execArgv: [] });
  const ended = once(child, 'exit');
  child.send(wanted);
  const [said] = (await Promise.race([once(child, 'message'), ended])) as [unknown];
  assert.equal(said, wanted.moment);
  child.kill('SIGKILL');
  await ended;
}

async function countIn(store: SealedStore): Promise<number> {
  let count = 0;
  for await (const _ of store.list()) count += 1;
  return count;
}
