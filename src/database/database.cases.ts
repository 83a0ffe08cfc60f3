import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { logRowKeys } from '../log/keys.ts';
import { BINARY, BINARY_SYNCED, BINARY_VALUES, SYNCED, type ServiceDatabase } from './synced.ts';

/** An engine under test. */
export interface DatabaseEngine {
  readonly name: string;
  /** Opens the store again with what is durable, or makes it. */
  open(): Promise<ServiceDatabase>;
  /** Folders of all files that hold its rows; none if it writes none. */
  readonly folders: () => readonly string[];
  /** Removes it. */
  end(): Promise<void>;
}

type Row = [Uint8Array, Uint8Array];
const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

const plain = (rows: readonly Uint8Array[]): number[][] => rows.map((row) => [...row]);
const numbered = (n: number): Uint8Array => bytes(1, n >> 8, n & 0xff);

/** Cases that each engine of a store must pass. */
export function databaseCases(engine: DatabaseEngine): void {
  let database: ServiceDatabase;
  const all = async (range: object = {}): Promise<Row[]> =>
    await database.iterator<Uint8Array, Uint8Array>({ ...range, ...BINARY }).all();
  const keys = async (range: object = {}): Promise<Uint8Array[]> =>
    await database.keys<Uint8Array>({ ...range, keyEncoding: 'view' }).all();
  const put = async (...rows: readonly (readonly [Uint8Array, Uint8Array])[]): Promise<void> => {
    const puts = rows.map(([key, value]) => ({ type: 'put' as const, key, value }));
    await database.batch<Uint8Array, Uint8Array>(puts, BINARY_SYNCED);
  };

  describe(`a store in ${engine.name}`, () => {
    before(async () => {
      database = await engine.open();
    });
    beforeEach(async () => await database.clear());
    after(async () => {
      await database.close();
      await engine.end();
    });

    it('gives rows by their keys, in the order of the question, and undefined for absent ones', async () => {
      await database.put('a', '1');
      await database.put('b', '');
      assert.equal(await database.get('a'), '1');
      assert.equal(await database.get('b'), '');
      assert.equal(await database.get('c'), undefined);
      assert.deepEqual(await database.getMany(['c', 'b', 'a', 'a']), [undefined, '', '1', '1']);
      assert.deepEqual(await database.getMany([]), []);
      await database.del('a');
      await database.del('absent');
      assert.deepEqual(await database.getMany(['a', 'b']), [undefined, '']);
    });

    it('keeps any bytes, and as many of a value as come', async () => {
      const every = Uint8Array.from({ length: 256 }, (_, value) => value);
      const large = randomBytes(2 ** 20);
      await put([every, large], [bytes(0), bytes(0, 0)]);
      const [one, other] = await database.getMany<Uint8Array, Uint8Array>(
        [every, bytes(0)],
        BINARY,
      );
      assert.ok(one !== undefined && large.equals(one));
      assert.deepEqual([...(other ?? [])], [0, 0]);
      assert.equal(await database.get<Uint8Array, Uint8Array>(bytes(0, 0), BINARY), undefined);
    });

    it('takes encodings for a batch, and for one row of it', async () => {
      const view = { ...BINARY_VALUES };
      await database.batch<string, string | Uint8Array>(
        [
          { type: 'put', key: 'text/1', value: 'é' },
          { type: 'put', key: 'bytes/1', value: bytes(0xff), ...view },
        ],
        SYNCED,
      );
      assert.equal(await database.get('text/1'), 'é');
      const read = await database.get<string, Uint8Array>('bytes/1', BINARY_VALUES);
      assert.deepEqual([...(read ?? [])], [0xff]);
    });

    it('makes the last change of a key that a batch names more than once', async () => {
      await database.put('gone', '0');
      await database.batch(
        [
          { type: 'put', key: 'a', value: '1' },
          { type: 'del', key: 'a' },
          { type: 'put', key: 'a', value: '2' },
          { type: 'put', key: 'gone', value: '1' },
          { type: 'del', key: 'gone' },
        ],
        SYNCED,
      );
      assert.deepEqual(await database.getMany(['a', 'gone']), ['2', undefined]);
      await database.batch([], SYNCED);
    });

    it('sorts rows by the bytes of their keys, whatever text these are', async () => {
      const sorted = [
        bytes(0),
        bytes(0, 0),
        bytes(0x41),
        bytes(0x5f),
        bytes(0x61),
        bytes(0x61, 0x2f),
        bytes(0x61, 0x30),
        bytes(0x7f),
        bytes(0x80),
        bytes(0xc3, 0xa9),
        bytes(0xff),
        bytes(0xff, 0xff),
      ];
      await put(...sorted.toReversed().map((key) => [key, key] as const));
      assert.deepEqual(plain(await keys()), plain(sorted));
      assert.deepEqual(plain(await keys({ reverse: true })), plain(sorted.toReversed()));
    });

    it('gives the rows of a range, forwards and backwards, up to a limit', async () => {
      const sorted = Array.from({ length: 10 }, (_, n) => bytes(n));
      await put(...sorted.map((key) => [key, key] as const));
      const ranges: readonly (readonly [object, number[]])[] = [
        [{ gt: bytes(3), lt: bytes(6) }, [4, 5]],
        [{ gte: bytes(3), lte: bytes(6) }, [3, 4, 5, 6]],
        [{ gt: bytes(3, 0), lt: bytes(6) }, [4, 5]],
        [{ gte: bytes(7) }, [7, 8, 9]],
        [{ lt: bytes(2) }, [0, 1]],
        [{ gte: bytes(3), limit: 2 }, [3, 4]],
        [{ lt: bytes(6), limit: 2, reverse: true }, [5, 4]],
        [{ gte: bytes(3), lt: bytes(6), reverse: true }, [5, 4, 3]],
        [{ gte: bytes(6), lt: bytes(3) }, []],
        [{ limit: 0 }, []],
        [{ limit: -1 }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
      ];
      for (const [range, wanted] of ranges) {
        assert.deepEqual(
          (await keys(range)).flatMap((key) => [...key]),
          wanted,
        );
        const rows = await all(range);
        assert.deepEqual(
          rows.flatMap(([, value]) => [...value]),
          wanted,
        );
        const values = database.values<Uint8Array, Uint8Array>({ ...range, ...BINARY });
        assert.deepEqual(
          (await values.all()).flatMap((value) => [...value]),
          wanted,
        );
      }
    });

    it('gives each row of a long range once, also while others are written and deleted', async () => {
      await put(...Array.from({ length: 2500 }, (_, n) => [numbered(n), numbered(n)] as const));
      const found: string[] = [];
      for await (const [each] of database.iterator<Uint8Array, Uint8Array>(BINARY)) {
        if (found.length === 3) await put([bytes(0), bytes(1)], [numbered(1), bytes(7)]);
        if (found.length === 3) await database.del(bytes(1, 0, 0), { keyEncoding: 'view' });
        found.push(Buffer.from(each).toString('hex'));
      }
      assert.equal(new Set(found).size, found.length);
      assert.equal(found.length, 2500);
      const iterator = database.keys<Uint8Array>({ keyEncoding: 'view' });
      assert.equal((await iterator.next())?.[0], 0);
      await iterator.close();
    });

    it('clears a range and nothing beside it, up to a limit', async () => {
      for (const name of ['a/1', 'b/1', 'b/2', 'b/3', 'c/1']) await database.put(name, name);
      await database.clear({ gt: 'b/', lt: 'b0', limit: 1 });
      assert.deepEqual(await database.keys().all(), ['a/1', 'b/2', 'b/3', 'c/1']);
      await database.clear({ gt: 'b/', lt: 'b0', limit: 1, reverse: true });
      assert.deepEqual(await database.keys().all(), ['a/1', 'b/2', 'c/1']);
      await database.clear({ gt: 'b/', lt: 'b0' });
      assert.deepEqual(await database.keys().all(), ['a/1', 'c/1']);
      await database.clear();
      assert.deepEqual(await database.keys().all(), []);
    });

    it('makes batches that come together, each as a whole and in their order', async () => {
      const batches = Array.from({ length: 50 }, async (_, n) => {
        const rows = ['last', `one/${n}`, `two/${n}`];
        await database.batch(
          rows.map((key) => ({ type: 'put' as const, key, value: String(n) })),
          SYNCED,
        );
      });
      await Promise.all(batches);
      assert.equal(await database.get('last'), '49');
      assert.equal((await database.keys().all()).length, 101);
    });

    it('takes a purged value from all of its files', async () => {
      const [secret, other] = [randomBytes(32), randomBytes(32)];
      const body = randomBytes(600);
      const key = logRowKeys.body(5);
      // Rows before and after it, in files of their own, as in a store that was in use.
      await put([logRowKeys.body(4), Buffer.concat([other, body.toReversed()])]);
      await put([key, Buffer.concat([secret, body])]);
      await put([logRowKeys.body(6), randomBytes(632)]);
      if (engine.folders().length > 0) assert.ok(await lies(engine, secret), 'the search finds it');
      const tombstone = randomBytes(104);
      await database.purge([{ type: 'put', key, value: tombstone }]);
      assert.equal(await lies(engine, secret), false);
      const read = await database.get<Uint8Array, Uint8Array>(key, BINARY);
      assert.ok(read !== undefined && tombstone.equals(read));
      const beside = await database.get<Uint8Array, Uint8Array>(logRowKeys.body(4), BINARY);
      assert.ok(beside !== undefined && other.equals(beside.subarray(0, 32)));
      await database.purge([{ type: 'del', key: logRowKeys.body(4) }]);
      assert.equal(await lies(engine, other), false);
      assert.deepEqual(plain(await keys()), plain([key, logRowKeys.body(6)]));
    });

    it('has after it was opened again what it had, and refuses to be used while closed', async () => {
      await put([bytes(1), bytes(2)]);
      await database.close();
      const closed = { code: 'LEVEL_DATABASE_NOT_OPEN' };
      await assert.rejects(database.get('a'), closed);
      await assert.rejects(database.put('a', '1'), closed);
      database = await engine.open();
      assert.deepEqual(plain((await all()).flat()), [[1], [2]]);
    });
  });
}

/** Tells whether bytes lie in any file of an engine. */
async function lies(engine: DatabaseEngine, wanted: Uint8Array): Promise<boolean> {
  for (const folder of engine.folders()) {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const file of found.filter((each) => each.isFile())) {
      const content = await readFile(join(file.parentPath, file.name));
      if (content.includes(Buffer.from(wanted))) return true;
    }
  }
  return false;
}
