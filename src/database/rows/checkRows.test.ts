import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ClassicLevel } from 'classic-level';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { isReadable } from '../files/examineDatabaseFiles.ts';
import { LevelDatabase } from '../LevelDatabase.ts';
import { BINARY, BINARY_SYNCED, BINARY_VALUES } from '../synced.ts';
import type { RowChecks } from './checkRows.ts';

const root = mkdtempSync(join(tmpdir(), 'medseal-rows-'));
after(async () => await rm(root, { recursive: true }));
let folders = 0;
const newFolder = (): string => join(root, 'node', `store-${++folders}`);
const damaged = failsWith('STORE_DAMAGED');

type Rows = readonly (readonly [string, string | Uint8Array])[];

/** Works with a store, open. */
async function within<Result>(
  path: string,
  work: (database: LevelDatabase) => Promise<Result>,
  checks?: Pick<RowChecks, 'onForward' | 'onAltered'>,
): Promise<Result> {
  const database = new LevelDatabase(path, {}, checks);
  try {
    await database.open();
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Works with what the engine has, without checksums. */
async function beneath(
  path: string,
  work: (engine: ClassicLevel<string, Uint8Array>) => Promise<unknown>,
): Promise<void> {
  const engine = new ClassicLevel<string, Uint8Array>(path, BINARY_VALUES);
  await engine.open();
  await work(engine);
  await engine.close();
}

async function filled(rows: Rows): Promise<string> {
  const path = newFolder();
  await within(path, async (database) => {
    for (const [key, value] of rows) await database.put(key, value as string, encodingOf(value));
  });
  return path;
}

const encodingOf = (value: string | Uint8Array): { readonly valueEncoding?: 'view' } =>
  typeof value === 'string' ? {} : BINARY_VALUES;

/** Asserts that each read of a row, and each walk over it, fails. */
async function assertDamaged(path: string, key: string): Promise<void> {
  await within(path, async (database) => {
    await assert.rejects(database.get(key), damaged);
    await assert.rejects(database.getMany(['absent', key]), damaged);
    assert.throws(() => database.getSync(key), damaged);
    await assert.rejects(database.iterator().all(), damaged);
    await assert.rejects(database.iterator({ gte: key, limit: 1 }).next(), damaged);
    await assert.rejects(database.keys().all(), damaged);
    await assert.rejects(database.values({ reverse: true }).nextv(10), damaged);
    await assert.rejects(async () => {
      for await (const _ of database.values()) void _;
    }, damaged);
  });
}

/** The bytes, whatever class an engine gives. */
function plain(all: readonly (Uint8Array | undefined)[]): unknown[] {
  return all.map((each) => Buffer.from(each ?? assert.fail()));
}

describe('a store whose rows have checksums', () => {
  it('reads any rows as they were written, in each form, by keys and ranges', async () => {
    const path = newFolder();
    const rows = Array.from({ length: 500 }, (): [Uint8Array, Uint8Array] => [
      randomBytes(8 + randomInt(40)),
      randomBytes(randomInt(3) === 0 ? 0 : randomInt(400)),
    ]).toSorted(([one], [other]) => Buffer.compare(one, other));
    await within(path, async (database) => {
      const puts = rows.map(([key, value]) => ({ type: 'put' as const, key, value }));
      await database.batch<Uint8Array, Uint8Array>(puts, BINARY_SYNCED);
    });
    await within(path, async (database) => {
      const keys = rows.map(([key]) => key);
      const values = rows.map(([, value]) => value);
      type Found = Uint8Array;
      assert.deepEqual(plain(await database.getMany(keys, BINARY)), values);
      assert.deepEqual(plain(keys.map((key) => database.getSync(key, BINARY))), values);
      assert.deepEqual(plain(await database.keys<Found>(BINARY).all()), keys);
      assert.deepEqual(plain(await database.values<Found, Found>(BINARY).all()), values);
      const backwards = await database.iterator<Found, Found>({ ...BINARY, reverse: true }).all();
      assert.deepEqual(backwards.map(plain), rows.toReversed());
      await database.clear();
      assert.deepEqual(await database.keys().all(), []);
    });
    // Its mark is there: what is written now is not taken for rows of before.
    await beneath(path, async (engine) => assert.deepEqual(await engine.keys().all(), ['']));
  });

  it('fails to read a row that has another’s value, or a part of its own', async () => {
    const alterations: [string, (one: Uint8Array, other: Uint8Array) => Uint8Array][] = [
      ['the value of another key', (_, other) => other],
      ['half of its value', (one) => one.subarray(0, one.length / 2)],
      ['all but its last byte', (one) => one.subarray(0, -1)],
      ['no byte', () => Buffer.of()],
      ['fewer bytes than a checksum', (one) => one.subarray(0, 3)],
      ['a byte more', (one) => Buffer.concat([one, Buffer.of(0)])],
    ];
    for (const [name, alter] of alterations) {
      const path = await filled([
        ['a', 'right'],
        ['b', 'value of b'],
        ['c', ''],
      ]);
      await beneath(path, async (engine) => {
        const [one, other] = await engine.getMany(['b', 'a']);
        await engine.put('b', alter(one ?? assert.fail(), other ?? assert.fail()));
      });
      await assertDamaged(path, 'b');
      await within(path, async (database) => {
        assert.deepEqual(await database.getMany(['a', 'c']), ['right', ''], name);
        await database.put('b', 'again');
        assert.equal((await database.iterator().all()).length, 3);
      });
    }
  });

  it('names the store in the error, and nothing of the row', async () => {
    const path = await filled([['patient', 'secret']]);
    await beneath(path, async (engine) => await engine.put('patient', Buffer.from('secret')));
    await within(path, async (database) => {
      await assert.rejects(database.get('patient'), (error) => {
        assert.match(String(error), new RegExp(`node/store-${folders}`));
        assert.doesNotMatch(JSON.stringify(error) + String(error), /patient|secret/);
        return true;
      });
    });
  });

  it('tells an examination each row that was altered, and gives it as absent', async () => {
    const path = await filled(Array.from({ length: 40 }, (_, n) => [`row/${100 + n}`, `${n}`]));
    await beneath(path, async (engine) => {
      for (const n of [100, 101, 120, 139]) await engine.put(`row/${n}`, Buffer.from('bad value'));
    });
    const altered = new Set<string>();
    const note = (key: Uint8Array): unknown => altered.add(Buffer.from(key).toString());
    await within(
      path,
      async (database) => {
        assert.equal((await database.iterator().all()).length, 36);
        const first = [];
        for await (const key of database.keys()) if (first.push(key) === 2) break;
        assert.deepEqual(first, ['row/102', 'row/103']);
        assert.equal(await database.get('row/120'), undefined);
      },
      { onAltered: note },
    );
    assert.deepEqual([...altered], ['row/100', 'row/101', 'row/120', 'row/139']);
  });

  // @class a read that serves what the disk altered | an operator with a bad disk
  it('gives after any flipped bit in a table the right value, none, or the error, and an error of a whole walk over it', async () => {
    const rows = Array.from({ length: 400 }, (_, n): [string, Buffer] => [
      `row/${1000 + n}`,
      randomBytes(100),
    ]);
    const path = await filled(rows);
    await beneath(path, async (engine) => await engine.compactRange('', 'z'));
    const table = readdirSync(path).find((name) => name.endsWith('.ldb')) ?? assert.fail();
    const bytes = readFileSync(join(path, table));
    let found = 0;
    for (let turn = 0; turn < 40; turn++) {
      const [place, bit] = [randomInt(bytes.length), 1 << randomInt(8)];
      const at = `byte ${place}, bit ${bit}`;
      const copy = newFolder();
      cpSync(path, copy, { recursive: true });
      writeFileSync(join(copy, table), bytes.with(place, (bytes[place] ?? 0) ^ bit));
      assert.ok(await isReadable(copy));
      const seen = await within(copy, async (database) => await readAll(database, rows, at)).catch(
        (error: unknown) => damaged(error) && 'damaged',
      );
      if (seen === 'damaged') found += 1;
    }
    assert.ok(found > 20, `${found} of 40 were found`);
  });

  it('brings forward rows of before, and goes on where it was interrupted', async () => {
    const path = newFolder();
    const rows = Array.from({ length: 2500 }, (_, n) => [`row/${10_000 + n}`, `${n}`] as const);
    await beneath(path, async (engine) => {
      await engine.batch(
        rows.map(([key, value]) => ({ type: 'put', key, value: Buffer.from(value) })),
      );
    });
    const seen: number[] = [];
    const stop = (done: number): void => {
      seen.push(done);
      if (seen.length === 2) throw new Error('interrupted');
    };
    await assert.rejects(within(path, async () => undefined, { onForward: stop }));
    await within(
      path,
      async (database) => assert.deepEqual(await database.iterator().all(), rows),
      { onForward: (done) => seen.push(done) },
    );
    assert.deepEqual(seen, [1000, 2000, 500]);
    const again = { onForward: () => assert.fail('they have checksums') };
    await within(path, async (database) => void (await database.get('row/10000')), again);
  });

  it('gives damaged rows of before no checksum, and refuses to open', async () => {
    const path = newFolder();
    await beneath(path, async (engine) => {
      for (let n = 0; n < 300; n++) await engine.put(`row/${100 + n}`, randomBytes(50));
      await engine.compactRange('', 'z');
    });
    const table = join(path, readdirSync(path).find((name) => name.endsWith('.ldb')) ?? '');
    const bytes = readFileSync(table);
    writeFileSync(table, bytes.with(5000, (bytes[5000] ?? 0) ^ 1));
    for (let turn = 0; turn < 2; turn++) {
      await assert.rejects(
        within(path, async () => undefined),
        (error) => damaged((error as Error).cause),
      );
    }
    writeFileSync(table, bytes);
    await within(path, async (database) => {
      assert.equal((await database.keys().all()).length, 300);
    });
  });
});

/** Reads all rows in each way; a value that is given is the right one, and a walk over all gives all or fails. */
async function readAll(database: LevelDatabase, rows: Rows, at: string): Promise<string> {
  let result = 'right';
  for (const [key, value] of rows) {
    try {
      const read = await database.get<string, Uint8Array>(key, BINARY_VALUES);
      // A key that was altered is absent.
      if (read === undefined) result = 'damaged';
      else assert.ok(Buffer.from(value).equals(read), `${at}: ${key} reads otherwise`);
    } catch (error) {
      if (!damaged(error)) throw error;
      result = 'damaged';
    }
  }
  try {
    const walked = await database.iterator<string, Uint8Array>(BINARY_VALUES).all();
    for (const [key, value] of walked) {
      const written = rows.find(([each]) => each === key)?.[1] ?? assert.fail(`${at}: ${key}`);
      assert.ok(Buffer.from(written).equals(value), at);
    }
    if (result === 'right') assert.equal(walked.length, rows.length, at);
  } catch (error) {
    if (!damaged(error)) throw error;
    result = 'damaged';
  }
  return result;
}
