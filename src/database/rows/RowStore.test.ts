import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ClassicLevel } from 'classic-level';
import { LevelDatabase } from '../LevelDatabase.ts';
import { BINARY_VALUES } from '../synced.ts';
import { MemoryDatabase } from '../test/MemoryDatabase.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { RowStore } from './RowStore.ts';

const newDatabase = (): MemoryDatabase => new MemoryDatabase();

async function valuesOf(store: RowStore, kind: string): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of store.kind(kind).values()) values.push(value);
  return values.map(String).toSorted();
}

describe('a store of rows that follow from something else', () => {
  const kinds = [
    ['in memory', async () => await Promise.resolve(RowStore.inMemory())],
    ['in a database', async () => await RowStore.open(newDatabase(), 'basis')],
  ] as const;
  for (const [where, open] of kinds) {
    it(`gives what was put last, before and after a commit, and counts each key once: ${where}`, async () => {
      const store = await open();
      const rows = store.kind<{ readonly name: string }>('person');
      assert.equal(rows.get('a'), undefined);
      rows.set('a', { name: 'first' });
      rows.set('a', { name: 'second' });
      rows.set('b', { name: 'other' });
      assert.deepEqual(rows.get('a'), { name: 'second' });
      await store.commit('1');
      rows.set('b', { name: 'later' });
      assert.deepEqual([rows.get('a'), rows.get('b')], [{ name: 'second' }, { name: 'later' }]);
      assert.deepEqual([rows.has('a'), rows.has('c'), rows.size], [true, false, 2]);
    });

    it(`keeps kinds apart, and lists each row of one once: ${where}`, async () => {
      const store = await open();
      store.kind<string>('one').set('a', 'one');
      store.kind<string>('one-more').set('a', 'two');
      await store.commit('1');
      store.kind<string>('one').set('a', 'three');
      store.kind<string>('one').set('b', 'four');
      assert.deepEqual(await valuesOf(store, 'one'), ['four', 'three']);
      assert.deepEqual(await valuesOf(store, 'one-more'), ['two']);
    });

    it(`has nothing once it was cleared: ${where}`, async () => {
      const store = await open();
      store.kind<string>('one').set('a', 'one');
      await store.commit('1');
      store.kind<string>('one').set('b', 'two');
      await store.clear();
      const { size } = store.kind('one');
      assert.deepEqual([store.mark, size, await valuesOf(store, 'one')], [undefined, 0, []]);
      assert.equal(store.kind('one').get('a'), undefined);
    });
  }

  it('has at its next opening what was committed, its mark and its sizes, and nothing later', async () => {
    const database = newDatabase();
    const store = await RowStore.open(database, 'basis');
    store.kind<number>('count').set('a', 1);
    await store.commit('first');
    store.kind<number>('count').set('a', 2);
    store.kind<number>('count').set('b', 3);
    const again = await RowStore.open(database, 'basis');
    const rows = again.kind<number>('count');
    assert.deepEqual(
      [again.mark, rows.size, rows.get('a'), rows.get('b')],
      ['first', 1, 1, undefined],
    );
  });

  it('puts rows and mark on the disk in one batch', async () => {
    const database = newDatabase();
    const store = await RowStore.open(database, 'basis');
    const batches: number[] = [];
    database.on('write', (operations: readonly unknown[]) => batches.push(operations.length));
    store.kind<number>('count').set('a', 1);
    store.kind<number>('other').set('a', 1);
    await store.commit('first');
    assert.deepEqual(batches, [3]);
  });

  it('removes rows of another basis when it is opened', async () => {
    const database = newDatabase();
    const store = await RowStore.open(database, 'basis');
    store.kind<number>('count').set('a', 1);
    await store.commit('first');
    const again = await RowStore.open(database, 'another');
    assert.deepEqual([again.mark, again.kind('count').get('a')], [undefined, undefined]);
    assert.deepEqual(await database.keys().all(), []);
  });

  it('goes on from memory if the disk takes nothing, and puts all of it there later', async () => {
    const database = newDatabase();
    const store = await RowStore.open(database, 'basis');
    const rows = store.kind<number>('count');
    rows.set('a', 1);
    await database.close();
    await assert.rejects(store.commit('first'));
    assert.equal(rows.get('a'), 1);
    await database.open();
    rows.set('b', 2);
    await store.commit('second');
    const again = (await RowStore.open(database, 'basis')).kind<number>('count');
    assert.deepEqual([again.get('a'), again.get('b')], [1, 2]);
  });

  it('never gives a row that was altered on the disk, nor one that stands under another key, and makes all again', async () => {
    const changes: readonly ((row: Uint8Array) => readonly [string, Uint8Array])[] = [
      (row) => ['count/a', row.with(1, '8'.charCodeAt(0))],
      (row) => ['count/a', row.slice(0, -1)],
      (row) => ['count/b', row],
      (row) => ['mark', row],
    ];
    const path = await mkdtemp(join(tmpdir(), 'medseal-row-store-'));
    for (const [place, change] of changes.entries()) {
      const database = new LevelDatabase(`${path}/${place}`);
      const store = await RowStore.open(database, 'basis');
      store.kind<number>('count').set('a', 17);
      await store.commit('first');
      await database.close();
      const [key, altered] = change((await withEngine(`${path}/${place}`)) ?? assert.fail());
      await withEngine(`${path}/${place}`, key, altered);
      await database.open();
      const again = await RowStore.open(database, 'basis');
      const rows = again.kind<number>('count');
      if (key !== 'mark') {
        assert.throws(() => rows.get(key.slice('count/'.length)), failsWith('STORE_DAMAGED'));
        await assert.rejects(valuesOf(again, 'count'), failsWith('STORE_DAMAGED'));
        rows.set('c', 1);
        await again.commit('second');
      }
      assert.equal((await RowStore.open(database, 'basis')).mark, undefined);
      assert.deepEqual(await database.keys().all(), []);
      await database.close();
    }
    await rm(path, { recursive: true });
  });

  it('reads a row again that has left its memory', async () => {
    const database = newDatabase();
    const store = await RowStore.open(database, 'basis');
    const rows = store.kind<number>('count');
    for (let at = 0; at < 150_000; at++) rows.set(String(at), at);
    await store.commit('first');
    assert.deepEqual([rows.get('0'), rows.get('149999'), rows.size], [0, 149_999, 150_000]);
  });
});

/** Reads what the engine has of the row `count/a`, after it put a row if one is given. */
async function withEngine(
  path: string,
  key?: string,
  row?: Uint8Array,
): Promise<Uint8Array | undefined> {
  const engine = new ClassicLevel<string, Uint8Array>(path, BINARY_VALUES);
  if (key !== undefined && row !== undefined) await engine.put(key, row);
  const found = await engine.get('count/a');
  await engine.close();
  return found;
}

/** Rows as a test puts them: kind, key and value. */
type Put = readonly [kind: string, key: string, value: unknown];

const PUTS: readonly Put[] = [
  ['one', 'a', { name: 'first' }],
  ['one', 'b', 7],
  ['two', 'a', ['x', 'y']],
  ['one', 'a', { name: 'second' }],
];

/** A store with rows, committed after each put that is named, and at the end. */
async function storeWith(puts: readonly Put[], commits: readonly number[] = []): Promise<RowStore> {
  const store = await RowStore.open(newDatabase(), 'basis');
  for (const [at, [kind, key, value]] of puts.entries()) {
    store.kind(kind).set(key, value);
    if (commits.includes(at)) await store.commit(at);
  }
  await store.commit('end');
  return store;
}

describe('the digest of rows', () => {
  it('is that of the rows on the disk alone: not of their order, earlier values, commits, or mark', async () => {
    const plain = await (await storeWith(PUTS)).digest();
    assert.match(plain ?? '', /^0x[0-9a-f]{64}$/);
    assert.equal(await (await storeWith(PUTS.slice(1).toReversed())).digest(), plain);
    for (const commits of [[0], [1, 2], [0, 1, 2, 3]]) {
      const store = await storeWith(PUTS, commits);
      assert.equal(await store.digest(), plain, String(commits));
      await store.commit('later');
      store.kind('one').set('c', 'of no commit yet');
      assert.equal(await store.digest(), plain);
    }
  });

  it('differs with each value, key, kind and row that is missing', async () => {
    const others: readonly (readonly Put[])[] = [
      PUTS.slice(0, 3),
      [...PUTS, ['one', 'b', 8]],
      [...PUTS, ['one', 'c', 7]],
      [...PUTS.slice(1), ['two', 'b', 7]],
      [['one', 'b', 7], ...PUTS.slice(3)],
      [],
    ];
    const digests = await Promise.all(
      [PUTS, ...others].map(async (puts) => await (await storeWith(puts)).digest()),
    );
    assert.equal(new Set(digests).size, digests.length);
  });

  it('is of the moment of the call, whatever is committed while the pass goes on, in both databases', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'medseal-digest-'));
    const level = new LevelDatabase(folder);
    t.after(async () => {
      await level.close();
      await rm(folder, { recursive: true });
    });
    for (const database of [newDatabase(), level]) {
      const store = await RowStore.open(database, 'basis');
      const rows = store.kind<number>('one');
      for (let row = 0; row < 2000; row++) rows.set(String(row), row);
      await store.commit('1');
      const plain = await store.digest();
      const underWay = store.digest();
      for (let row = 0; row < 4000; row++) rows.set(String(row), -row);
      await store.commit('2');
      assert.equal(await underWay, plain);
      assert.notEqual(await store.digest(), plain);
    }
  });

  it('is not made of rows in memory alone, nor once the pass is ended', async () => {
    assert.equal(await RowStore.inMemory().digest(), undefined);
    assert.equal(await (await storeWith(PUTS)).digest(AbortSignal.abort()), undefined);
  });

  it('fails on a row that was altered on the disk, after which all rows are made again at the next opening', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'medseal-digest-'));
    t.after(async () => await rm(folder, { recursive: true }));
    const first = new LevelDatabase(folder);
    const store = await RowStore.open(first, 'basis');
    for (const [kind, key, value] of PUTS) store.kind(kind).set(key, value);
    await store.commit('1');
    await first.close();
    const raw = new ClassicLevel<string, Uint8Array>(folder, BINARY_VALUES);
    const bytes = (await raw.get('one/b')) ?? assert.fail();
    await raw.put(
      'one/b',
      Uint8Array.from(bytes, (byte, at) => (at === 0 ? byte ^ 1 : byte)),
    );
    await raw.close();
    const second = new LevelDatabase(folder);
    const damaged = await RowStore.open(second, 'basis');
    await assert.rejects(damaged.digest(), failsWith('STORE_DAMAGED'));
    assert.equal(await damaged.digest(), undefined);
    await damaged.commit('2');
    assert.equal((await RowStore.open(second, 'basis')).mark, undefined);
    await second.close();
  });
});
