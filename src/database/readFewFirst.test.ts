import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LevelDatabase } from './LevelDatabase.ts';
import { MemoryDatabase } from './test/MemoryDatabase.ts';
import type { ServiceDatabase } from './synced.ts';
import { readFewFirst } from './readFewFirst.ts';

const ROWS = Array.from({ length: 2500 }, (_, n) => [String(n).padStart(4, '0'), `row ${n}`]);
let folder: string;
before(async () => (folder = await mkdtemp(join(tmpdir(), 'medseal-rows-'))));
after(async () => await rm(folder, { recursive: true }));

type Rows = ReturnType<ServiceDatabase['iterator']>;

async function collect(iterator: Rows): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const row of iterator) rows.push(row);
  return rows;
}

const databases: readonly (readonly [string, () => ServiceDatabase])[] = [
  ['on disk', () => new LevelDatabase(folder)],
  ['in memory', () => new MemoryDatabase()],
];

for (const [where, create] of databases) {
  describe(`a database ${where} that is asked for few rows first`, () => {
    let database: ServiceDatabase;
    before(async () => {
      database = create();
      await database.open();
      await database.batch(
        ROWS.map(([key = '', value = '']) => ({ type: 'put' as const, key, value })),
      );
      readFewFirst(database);
    });
    after(async () => await database.close());

    it('gives the rows of a range, however many there are', async () => {
      for (const count of [0, 1, 15, 16, 17, 143, 144, 145, 1143, 1144, 1145, 2500]) {
        const range = { gte: '0000', lt: String(count).padStart(4, '0') };
        const wanted = ROWS.slice(0, count);
        assert.deepEqual(await database.iterator(range).all(), wanted);
        assert.deepEqual(
          await database.keys({ ...range, reverse: true }).all(),
          wanted.map(([key]) => key).toReversed(),
        );
        assert.deepEqual(
          await database.values(range).all(),
          wanted.map(([, value]) => value),
        );
      }
    });

    it('gives no more than a limit, and only what an iterator has left', async () => {
      for (const limit of [0, 1, 16, 999, 1000, 1001, 2400, 9999, -1]) {
        const wanted = limit === -1 ? ROWS : ROWS.slice(0, limit);
        assert.deepEqual(await database.iterator({ limit }).all(), wanted, String(limit));
      }
      const iterator = database.keys();
      await iterator.next();
      assert.equal((await iterator.all()).length, ROWS.length - 1);
    });

    it('asks for 16, then for more, whether rows are read at once or one by one', async () => {
      const sizes: number[] = [];
      for (const read of [async (iterator: Rows) => await iterator.all(), collect]) {
        const iterator = database.iterator();
        const nextv = iterator.nextv.bind(iterator) as (size: number) => Promise<never[]>;
        iterator.nextv = async (size: number) => {
          sizes.push(size);
          return await nextv(size);
        };
        assert.deepEqual(await read(iterator), ROWS);
        assert.deepEqual(sizes.splice(0), [16, 128, 1000, 1000, 1000, 1000]);
      }
    });

    it('gives rows one by one, and lets go if nobody wants more', async () => {
      const range = { gte: '0100', lt: '0300' };
      assert.deepEqual(await collect(database.iterator(range)), ROWS.slice(100, 300));
      const iterator = database.keys(range);
      for await (const key of iterator) if (key === '0120') break;
      await assert.rejects(iterator.next(), { code: 'LEVEL_ITERATOR_NOT_OPEN' });
    });

    it('lets go of the rows in the end, and where reading them fails', async () => {
      const iterator = database.iterator();
      const failure = new Error('input/output error');
      iterator.nextv = async () => await Promise.reject(failure);
      await assert.rejects(iterator.all(), failure);
      await assert.rejects(iterator.next(), { code: 'LEVEL_ITERATOR_NOT_OPEN' });
      const whole = database.iterator();
      await whole.all();
      await assert.rejects(whole.next(), { code: 'LEVEL_ITERATOR_NOT_OPEN' });
    });
  });
}
