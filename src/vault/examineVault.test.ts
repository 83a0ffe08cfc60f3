import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { MemoryDatabase } from '../database/test/MemoryDatabase.ts';
import { streamBytes } from '../crypto/sealing/streamBytes.ts';
import type { ServiceDatabase } from '../database/synced.ts';
import { portableSha256 } from '../crypto/portableSha256.ts';
import type { Fault } from '../protocol/Fault.ts';
import { word } from '../protocol/test/sampleNetwork.ts';
import { examineVault, findMissing, type VaultFaultKind } from './examineVault.ts';
import { folderStore } from './folderStore.ts';
import { openVault } from './openVault.ts';
import { memoryFiles, type MemoryFiles } from '../folder/test/memoryFiles.ts';
import { contentKey, dueKey, fileKey, ownerKey } from './vaultRows.ts';

const VIEW = { keyEncoding: 'view', valueEncoding: 'view' } as const;
const [alice, bob] = [word('alice'), word('bob')];

type Level = MemoryDatabase<Uint8Array, Uint8Array>;

/** The same database as stores take it, which name the encodings in each call. */
function asStore(level: Level): ServiceDatabase {
  return level as unknown as ServiceDatabase;
}

describe('the examination of a vault', () => {
  let files: MemoryFiles;
  let database: Level;
  let small: `0x${string}`;
  let large: `0x${string}`;
  let leased: `0x${string}`;

  beforeEach(async () => {
    files = memoryFiles();
    database = new MemoryDatabase<Uint8Array, Uint8Array>(VIEW);
    database.close = async () => await Promise.resolve();
    const vault = await openVault({
      store: folderStore(files),
      database: asStore(database),
      quota: 2 ** 30,
    });
    const put = async (length: number): Promise<`0x${string}`> => {
      const content = randomBytes(length);
      const hash = `0x${createHash('sha256').update(content).digest('hex')}` as const;
      await vault.put({ hash, size: length }, streamBytes(content), 1000);
      return hash;
    };
    [small, large, leased] = [await put(100), await put(40_000), await put(50_000)];
    await vault.own(small, alice);
    await vault.own(large, alice);
    await vault.own(large, bob);
    await vault.close();
  });

  async function examine(
    repair = false,
    shared: { readonly isShared?: boolean; readonly discardUnknown?: boolean } = {},
  ): Promise<{ sound: number; faults: Fault<VaultFaultKind>[] }> {
    const faults: Fault<VaultFaultKind>[] = [];
    const sound = await examineVault({
      store: Object.assign(folderStore(files), { isShared: shared.isShared === true }),
      discardUnknown: shared.discardUnknown === true,
      database: asStore(database),
      createSha256: portableSha256,
      onFault: (fault) => void faults.push(fault),
      ...(repair && {
        repair: async (change) => await database.batch([change]),
      }),
    });
    return { sound, faults };
  }

  it('finds nothing wrong with what the vault wrote, nor with an upload that did not end', async () => {
    assert.deepEqual(await examine(), { sound: 3, faults: [] });
    await files.remove(`sealed/${leased.slice(2, 4)}/${leased.slice(2)}`);
    assert.deepEqual(await examine(), { sound: 2, faults: [] });
  });

  it('finds a file that nobody owns and that is another, or is said to take other room, and removes it', async () => {
    const place = `sealed/${leased.slice(2, 4)}/${leased.slice(2)}`;
    const row = await database.get(fileKey(leased), VIEW);
    const grown = row?.with(2, 2) ?? assert.fail();
    const alterations = [
      async () => await database.put(fileKey(leased), grown, VIEW),
      async () => await files.write(place, streamBytes(randomBytes(50_000))),
    ];
    for (const alter of alterations) {
      await alter();
      const { faults } = await examine(true);
      assert.deepEqual(
        faults.map(({ kind, remedy }) => [kind, remedy]),
        [['vault-file', 'rebuild']],
      );
      assert.deepEqual(await examine(), { sound: 2, faults: [] });
      assert.equal(await database.get(fileKey(leased), VIEW), undefined);
      // It is put there again.
      await database.put(fileKey(leased), row, VIEW);
      await database.put(dueKey(1000, leased), new Uint8Array(0), VIEW);
    }
  });

  it('finds a file that is altered, cut off or lost', async () => {
    const place = `sealed/${large.slice(2, 4)}/${large.slice(2)}`;
    for (const change of [
      (bytes: Uint8Array) => Uint8Array.from(bytes).with(9, (bytes[9] ?? 0) ^ 1),
      (bytes: Uint8Array) => bytes.subarray(1),
    ]) {
      files.tamper(place, change);
      const { faults, sound } = await examine();
      assert.deepEqual(
        [sound, faults.length, faults[0]?.kind, faults[0]?.remedy],
        [2, 1, 'vault-file', 'peers'],
      );
    }
    await files.remove(place);
    assert.equal((await examine()).faults[0]?.what, `sealed file ${large}: it is lost`);
    const row = (await database.get(contentKey(small))) ?? assert.fail();
    await database.put(contentKey(small), row.with(5, (row[5] ?? 0) ^ 1));
    assert.equal((await examine()).faults.length, 2);
  });

  it('finds every row that is lost, and every byte of a row that is changed', async () => {
    for (const [key, value] of await database.iterator().all()) {
      await database.del(key);
      assert.ok(
        (await examine()).faults.length > 0 || isOneOfTwoOwners(key),
        `lost ${Buffer.from(key).toString('hex')}`,
      );
      await database.put(key, value);
      for (let at = 0; at < Math.min(value.length, 20); at++) {
        // The lease of a file that is owned says nothing.
        if (at >= 8 && at < 16 && [small, large].some((hash) => isSame(key, fileKey(hash))))
          continue;
        await database.put(key, value.with(at, (value[at] ?? 0) ^ 2));
        assert.ok((await examine()).faults.length > 0, `${Buffer.from(key).toString('hex')} ${at}`);
      }
      await database.put(key, value);
    }
  });

  /** Only the entries tell whose a file is. */
  function isOneOfTwoOwners(key: Uint8Array): boolean {
    return [ownerKey(large, alice), ownerKey(large, bob)].some(
      (owner) => Buffer.compare(owner, key) === 0,
    );
  }

  it('says what an entry names that is not as the entry has it', async () => {
    const level = asStore(database);
    assert.equal(await findMissing(level, { file: large, size: 40_000, handle: bob }), undefined);
    assert.match((await findMissing(level, { file: large, size: 4, handle: bob })) ?? '', /size/);
    assert.match((await findMissing(level, { file: small, size: 100, handle: bob })) ?? '', /own/);
    assert.match(
      (await findMissing(level, { file: word('x'), size: 1, handle: bob })) ?? '',
      /lost/,
    );
  });

  it('puts leases right, and removes what nothing leads to', async () => {
    const before = await database.iterator().all();
    await database.put(dueKey(77, large), new Uint8Array());
    await database.put(dueKey(1000, small), new Uint8Array());
    await database.del(dueKey(1000, leased));
    await database.put(contentKey(word('x')), new Uint8Array(3));
    await files.makeFolder('sealed/ab');
    await files.write(`sealed/ab/ab${'0'.repeat(62)}`, streamBytes(new Uint8Array(3)));
    const { faults } = await examine(true);
    assert.deepEqual(
      [...new Set(faults.map(({ kind, remedy }) => `${kind} ${remedy}`))],
      ['vault-index rebuild'],
    );
    assert.deepEqual(await examine(), { sound: 3, faults: [] });
    assert.deepEqual(await database.iterator().all(), before);
    assert.ok(await database.get(fileKey(small)));
  });

  // @class whoever cleans up deletes what it knows to be its own | the repair of one folder to delete files of another in the same bucket
  it('deletes nothing of another folder that shares the store, unless that is asked for', async () => {
    const others = `sealed/ab/ab${'0'.repeat(62)}`;
    await files.makeFolder('sealed/ab');
    await files.write(others, streamBytes(new Uint8Array(3)));
    const { faults } = await examine(true, { isShared: true });
    assert.deepEqual(
      faults.map(({ kind, remedy }) => `${kind} ${remedy}`),
      ['vault-index none'],
    );
    assert.equal(await files.size(others), 3);
    await examine(true, { isShared: true, discardUnknown: true });
    assert.equal(await files.size(others), undefined);
    assert.deepEqual(await examine(), { sound: 3, faults: [] });
  });
});

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
