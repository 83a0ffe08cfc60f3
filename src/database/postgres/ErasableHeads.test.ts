import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MemoryDatabase } from '../test/MemoryDatabase.ts';
import { ErasableHeads } from './ErasableHeads.ts';

const KEY = Buffer.from([2, 7]);
const value = (fill: number): Buffer => Buffer.concat([Buffer.alloc(32, fill), Buffer.alloc(9, 1)]);

describe('heads of erasable values', () => {
  let database: MemoryDatabase;
  let heads: ErasableHeads;
  beforeEach(async () => {
    database = new MemoryDatabase();
    await database.open();
    heads = new ErasableHeads(database, (key) => key[0] === 2);
  });

  const put = async (key: Buffer, bytes: Buffer): Promise<Buffer> => {
    const [operation] = await heads.part([{ type: 'put', key, value: bytes }]);
    return operation?.value ?? assert.fail();
  };
  const joined = async (key: Buffer, rest: Buffer): Promise<Buffer | undefined> =>
    (await heads.join([[key, rest]]))[0]?.[1];
  const countHeads = async (): Promise<number> => (await database.keys().all()).length;

  it('are parted from values and put together again, of any length; other rows stay whole', async () => {
    for (const length of [0, 1, 31, 32, 33, 104]) {
      const bytes = Buffer.alloc(length, 5);
      const rest = await put(KEY, bytes);
      assert.ok(length === 0 || !rest.subarray(8).equals(bytes));
      assert.deepEqual(await joined(KEY, rest), bytes);
    }
    const other = Buffer.from([3]);
    assert.deepEqual(await put(other, value(1)), value(1));
    assert.deepEqual(await joined(other, value(1)), value(1));
  });

  it('belong to one value each: a former one opens with its own until it is forgotten', async () => {
    const [former, present] = [await put(KEY, value(1)), await put(KEY, value(2))];
    assert.deepEqual(await joined(KEY, former), value(1));
    await heads.begin([KEY]);
    await heads.forget([[KEY, present]]);
    assert.deepEqual(await joined(KEY, present), value(2));
    assert.equal(await joined(KEY, former), undefined);
    assert.equal(await countHeads(), 1);
  });

  it('whose value was about to be replaced when the machine stopped go once it was, and stay if it was not', async () => {
    const former = await put(KEY, value(1));
    await heads.begin([KEY]);
    const later = await put(KEY, value(2));
    assert.deepEqual(
      (await heads.begun()).map((key) => [...key]),
      [[2, 7]],
    );
    const longer = await put(Buffer.concat([KEY, Buffer.alloc(4)]), value(3));
    await heads.forget([[KEY, former]]);
    assert.deepEqual(await joined(KEY, former), value(1));
    assert.equal(await joined(KEY, later), undefined);
    assert.deepEqual(await joined(Buffer.concat([KEY, Buffer.alloc(4)]), longer), value(3));
    assert.deepEqual(await heads.begun(), []);
    await heads.begin([KEY]);
    await heads.forget([[KEY, undefined]]);
    assert.equal(await joined(KEY, former), undefined);
  });

  it('that are lost or altered make a lost row, not another one', async () => {
    const rest = await put(KEY, value(1));
    const [head] = await database.keys<Uint8Array>({ keyEncoding: 'view' }).all();
    const view = { keyEncoding: 'view', valueEncoding: 'view' } as const;
    await database.put(head ?? assert.fail(), Buffer.alloc(32, 9), view);
    assert.equal(await joined(KEY, rest), undefined);
    await database.clear();
    assert.equal(await joined(KEY, rest), undefined);
  });
});
