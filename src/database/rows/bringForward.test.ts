import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bringForward, MARK, type StoredRows } from './bringForward.ts';
import { withChecksum, withoutChecksum } from './rowChecksum.ts';

const PAGE = 7;

/** Rows in memory, as an engine stores them; the power goes before or after a write. */
class Disk implements StoredRows {
  readonly stored = new Map<string, Uint8Array>();
  whole = true;
  puts = 0;
  /** Number of the write that the power goes at; true if it reached the disk. */
  fails: readonly [number, boolean] = [Infinity, false];

  constructor(values: readonly (readonly [string, string])[]) {
    for (const [key, value] of values) this.stored.set(key, Buffer.from(value));
  }

  readonly get = async (key: Uint8Array): Promise<Uint8Array | undefined> =>
    await Promise.resolve(this.stored.get(text(key)));

  readonly after = async (key: Uint8Array): Promise<[Uint8Array, Uint8Array][]> => {
    const keys = [...this.stored.keys()].filter((each) => each > text(key)).toSorted();
    const found = keys.slice(0, PAGE).map((each): [Uint8Array, Uint8Array] => {
      return [Buffer.from(each), this.stored.get(each) ?? assert.fail()];
    });
    return await Promise.resolve(found);
  };

  readonly put = async (rows: readonly (readonly [Uint8Array, Uint8Array])[]): Promise<void> => {
    const [number, reaches] = this.fails;
    const fails = this.puts === number;
    this.puts += 1;
    if (!fails || reaches) for (const [key, value] of rows) this.stored.set(text(key), value);
    if (fails) throw new Error('no power');
    await Promise.resolve();
  };

  readonly areWhole = async (): Promise<boolean> => await Promise.resolve(this.whole);

  /** The values, each as its checksum says. */
  get values(): [string, string][] {
    return [...this.stored].flatMap(([key, stored]): [string, string][] => {
      const value = withoutChecksum(key, stored) ?? assert.fail(`${key} has no checksum`);
      return key === '' ? [] : [[key, text(value)]];
    });
  }
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const ROWS = Array.from({ length: 31 }, (_, n) => [`row/${100 + n}`, `value ${n}`] as const);

describe('the rows of a store', () => {
  it('without checksums get theirs once, and tell how far that came', async () => {
    const disk = new Disk(ROWS);
    const seen: number[] = [];
    assert.equal(await bringForward(disk, (rows) => seen.push(rows)), true);
    assert.deepEqual(seen, [7, 14, 21, 28, 31]);
    assert.deepEqual(disk.values, ROWS);
    const { puts } = disk;
    assert.equal(await bringForward(disk), true);
    assert.equal(disk.puts, puts);
    assert.deepEqual(disk.values, ROWS);
  });

  it('get their checksums once where the power goes before or after any write', async () => {
    for (let last = 0; last < 6; last++) {
      for (const reaches of [false, true]) {
        const disk = new Disk(ROWS);
        disk.fails = [last, reaches];
        await assert.rejects(bringForward(disk), /no power/);
        assert.equal(await bringForward(disk), true);
        assert.deepEqual(disk.values, ROWS, `${last}`);
      }
    }
  });

  it('of an empty store need none, and rows that come later have them', async () => {
    const disk = new Disk([]);
    assert.equal(await bringForward(disk), true);
    assert.deepEqual([...disk.stored.keys()], ['']);
  });

  it('without checksums that may not be as they were written stay as they are', async () => {
    const disk = new Disk(ROWS);
    disk.whole = false;
    assert.equal(await bringForward(disk), false);
    assert.equal(disk.puts, 0);
  });

  it('that lost their mark get no second checksum, also if some are damaged', async () => {
    for (const damage of [
      (disk: Disk): unknown => disk.stored.delete(''),
      (disk: Disk): unknown => disk.stored.set('', Buffer.from('damaged')),
      (disk: Disk): unknown => disk.stored.set('', withChecksum(MARK, Buffer.of(9))),
    ]) {
      const disk = new Disk(ROWS);
      await bringForward(disk);
      damage(disk);
      const bad = Buffer.from('damaged');
      disk.stored.set('row/101', bad);
      assert.equal(await bringForward(disk), true);
      assert.equal(disk.stored.get('row/101'), bad);
      disk.stored.delete('row/101');
      assert.deepEqual(
        disk.values,
        ROWS.filter(([key]) => key !== 'row/101'),
      );
    }
  });
});
