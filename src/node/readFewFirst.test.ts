import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ClassicLevel } from 'classic-level';
import { MemoryLevel } from 'memory-level';
import type { ServiceDatabase } from '../services/synced.ts';
import { readFewFirst } from './readFewFirst.ts';

const ROWS = Array.from({ length: 2500 }, (_, n) => [String(n).padStart(4, '0'), `row ${n}`]);
let folder: string;
before(async () => (folder = await mkdtemp(join(tmpdir(), 'medseal-rows-'))));
after(async () => await rm(folder, { recursive: true }));

const databases: readonly (readonly [string, () => ServiceDatabase])[] = [
  ['on disk', () => new ClassicLevel(folder)],
  ['in memory', () => new MemoryLevel()],
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

    it('asks for 16, then for more, and at once for as many as a limit says', async () => {
      const sizes: number[] = [];
      for (const options of [{}, { lt: '0003' }, { limit: 300 }]) {
        const iterator = database.iterator(options);
        const nextv = iterator.nextv.bind(iterator) as (size: number) => Promise<never[]>;
        iterator.nextv = async (size: number) => {
          sizes.push(size);
          return await nextv(size);
        };
        await iterator.all();
      }
      assert.deepEqual(sizes.slice(0, 3), [16, 128, 1000]);
      assert.deepEqual(sizes.slice(-4), [16, 128, 300, 1000]);
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
