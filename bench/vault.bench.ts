/**
 * The folder vault on this disk: small files stored per second alone and concurrently, ownership per second, and the
 * throughput and memory of one large file.
 *
 * `node bench/vault.bench.ts [--json]`
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LevelDatabase } from '../src/database/LevelDatabase.ts';
import { streamBytes } from '../src/crypto/sealing/streamBytes.ts';
import type { Bytes32 } from '../src/protocol/ids.ts';
import { openFolder } from '../src/folder/openFolder.ts';
import { folderStore } from '../src/vault/folderStore.ts';
import { openVault } from '../src/vault/openVault.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean' } } });

const SMALL = 4096;
const COUNT = 1000;
const PART = 64 * 1024;
const LARGE = 1024 * 1024 * 1024;

const path = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
const vault = await openVault({
  store: folderStore(await openFolder(join(path, 'files'))),
  database: new LevelDatabase(join(path, 'index')),
  quota: LARGE,
  createSha256: () => createHash('sha256'),
});

function hashOf(bytes: Uint8Array): Bytes32 {
  return `0x${createHash('sha256').update(bytes).digest('hex')}`;
}

async function putSmall(bytes: Uint8Array): Promise<void> {
  await vault.put({ hash: hashOf(bytes), size: bytes.length }, streamBytes(bytes), 1);
}

/** Measures how many of the items are worked off per second, so many at once. */
async function rate<Item>(
  items: Item[],
  lanes: number,
  work: (item: Item) => Promise<void>,
): Promise<number> {
  const start = performance.now();
  const rest = items.values();
  const lane = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return Math.round((items.length / (performance.now() - start)) * 1000);
}

function smallFiles(): Uint8Array[] {
  return Array.from({ length: COUNT }, () => randomBytes(SMALL));
}

async function* largeFile(): AsyncIterable<Uint8Array> {
  for (let sent = 0; sent < LARGE; sent += PART) {
    // One of its own each time: the vault writes while the next ones come.
    const part = new Uint8Array(PART);
    new DataView(part.buffer).setFloat64(0, sent);
    yield await Promise.resolve(part);
  }
}

async function largeHash(): Promise<Bytes32> {
  const hash = createHash('sha256');
  for await (const part of largeFile()) hash.update(part);
  return `0x${hash.digest('hex')}`;
}

function megabytesPerSecond(start: number): number {
  return Math.round(LARGE / 1e3 / (performance.now() - start));
}

async function large(): Promise<{ put: number; get: number; grewMB: number }> {
  const hash = await largeHash();
  const before = process.memoryUsage.rss();
  let start = performance.now();
  await vault.put({ hash, size: LARGE }, largeFile(), 1);
  const put = megabytesPerSecond(start);
  let most = process.memoryUsage.rss();
  start = performance.now();
  let parts = 0;
  for await (const part of vault.get(hash)) {
    if (parts++ % 100 === 0 && part.length > 0) most = Math.max(most, process.memoryUsage.rss());
  }
  return { put, get: megabytesPerSecond(start), grewMB: Math.round((most - before) / 1e6) };
}

const owned = smallFiles();
const results = {
  smallPerSecond: {
    alone: await rate(smallFiles(), 1, putSmall),
    sixteenAtATime: await rate(owned, 16, putSmall),
  },
  ownPerSecond: {
    alone: await rate(owned, 1, async (bytes) => {
      await vault.own(hashOf(bytes), hashOf(bytes));
    }),
    sixteenAtATime: await rate(owned, 16, async (bytes) => {
      await vault.own(hashOf(bytes), `0x${'00'.repeat(32)}`);
    }),
  },
  statPerSecond: await rate(owned, 16, async (bytes) => {
    await vault.stat(hashOf(bytes));
  }),
  largeMBPerSecond: await large(),
};
await vault.close();
await rm(path, { recursive: true });

if (values.json) console.log(JSON.stringify(results));
else console.dir(results, { depth: 3 });
