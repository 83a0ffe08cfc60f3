import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { MemoryDatabase } from '../database/test/MemoryDatabase.ts';
import type { ServiceDatabase } from '../database/synced.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { memoryFiles, type MemoryFiles } from '../folder/test/memoryFiles.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { folderStore } from './folderStore.ts';
import { migrateVault, type VaultMigrated } from './migrateVault.ts';
import { openVault } from './openVault.ts';
import type { SealedStore } from './SealedStore.ts';
import type { Vault } from './Vault.ts';
import { failsWith, gather, identify, inParts, sampleBytes } from './vault.cases.ts';

const createSha256 = () => createHash('sha256');
const LARGE = [20_000, 30_000, 40_000].map((length) => sampleBytes(length));

describe('a vault that moves to another store', () => {
  let old: MemoryFiles;
  let fresh: MemoryFiles;
  let database: ServiceDatabase;
  let hashes: readonly Bytes32[];

  beforeEach(async () => {
    [old, fresh] = [memoryFiles(), memoryFiles()];
    const level = new MemoryDatabase();
    level.close = async () => undefined;
    database = level;
    const vault = await open(old);
    for (const bytes of [...LARGE, sampleBytes(100)]) {
      await vault.put(identify(bytes), inParts(bytes), 10);
    }
    await vault.close();
    hashes = LARGE.map((bytes) => identify(bytes).hash);
  });

  async function open(files: MemoryFiles): Promise<Vault> {
    return await openVault({ store: folderStore(files), database, quota: 2 ** 20 });
  }

  async function migrate(to: SealedStore = folderStore(fresh)): Promise<VaultMigrated> {
    return await migrateVault({ database, from: folderStore(old), to, createSha256 });
  }

  it('has every file in the new store, leases and small files as before', async () => {
    assert.deepEqual(await migrate(), { copied: 3, kept: 0, lost: [] });
    const vault = await open(fresh);
    for (const bytes of [...LARGE, sampleBytes(100)]) {
      assert.equal(Buffer.compare(await gather(vault.get(identify(bytes).hash)), bytes), 0);
    }
    assert.equal(await vault.collect(10), 4);
    const folders = await fresh.list('sealed');
    assert.deepEqual(folders.toSorted(), (await old.list('sealed')).toSorted());
  });

  it('goes on where it was interrupted, and copies nothing twice', async () => {
    const store = folderStore(fresh);
    let left = 2;
    const ending: SealedStore = Object.assign(Object.create(store) as SealedStore, {
      receive: async (...given: Parameters<SealedStore['receive']>) => {
        if (left-- === 0) throw new MedsealError('STORAGE_FAILED', {});
        return await store.receive(...given);
      },
    });
    for (const method of ['recover', 'size', 'read'] as const) {
      Object.assign(ending, { [method]: store[method].bind(store) });
    }
    await assert.rejects(migrate(ending), failsWith('STORAGE_FAILED'));
    assert.deepEqual(await migrate(), { copied: 1, kept: 2, lost: [] });
    assert.deepEqual(await migrate(), { copied: 0, kept: 3, lost: [] });
  });

  it('copies again what the new store has with other bytes', async () => {
    await migrate();
    const [first = '0x'] = hashes;
    fresh.tamper(placeOf(first), (bytes) => bytes.map((byte) => byte ^ 1));
    assert.deepEqual(await migrate(), { copied: 1, kept: 2, lost: [] });
    const vault = await open(fresh);
    assert.equal((await gather(vault.get(first))).length, 20_000);
  });

  it('tells which files the old store lost or altered, and copies the others', async () => {
    const [first = '0x', second = '0x'] = hashes;
    await old.remove(placeOf(first));
    old.tamper(placeOf(second), (bytes) => bytes.map((byte) => byte ^ 1));
    const { copied, lost } = await migrate();
    assert.deepEqual([copied, lost.toSorted()], [1, [first, second].toSorted()]);
    assert.equal(await fresh.size(placeOf(second)), undefined, 'nothing false is there');
  });
});

function placeOf(hash: Bytes32): string {
  return `sealed/${hash.slice(2, 4)}/${hash.slice(2)}`;
}
