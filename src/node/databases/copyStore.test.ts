import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aroundWrites } from '../../database/aroundWrites.ts';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { copyStore } from './copyStore.ts';

async function filled(rows: Readonly<Record<string, string>>): Promise<MemoryDatabase> {
  const database = new MemoryDatabase();
  await database.open();
  for (const [key, value] of Object.entries(rows)) await database.put(key, value);
  return database;
}

describe('a copy of a store', () => {
  it('has its rows and no others, however many there are, and is not made twice', async () => {
    const rows = Array.from({ length: 2345 }, (_, n) => [`row/${n}`, `value ${n}`] as const);
    const from = await filled(Object.fromEntries(rows));
    const to = await filled({ 'row/1': 'another', stray: 'x' });
    const seen: number[] = [];
    const first = await copyStore(from, to, (count) => seen.push(count));
    assert.deepEqual([first.rows, first.isCopied], [2345, true]);
    assert.deepEqual(await to.iterator().all(), await from.iterator().all());
    assert.ok(seen.includes(2000) && seen.includes(2345));
    const again = await copyStore(from, to);
    assert.deepEqual(again, { ...first, isCopied: false });
    await to.put('row/7', 'altered');
    assert.equal((await copyStore(from, to)).isCopied, true);
    assert.equal((await copyStore(await filled({}), to)).rows, 0);
    assert.deepEqual(await to.keys().all(), []);
  });

  it('tells rows that differ in their bounds alone', async () => {
    const one = await copyStore(await filled({ ab: 'c' }), await filled({}));
    const other = await copyStore(await filled({ a: 'bc' }), await filled({}));
    assert.notEqual(one.sha256, other.sha256);
  });

  it('is refused if it reads otherwise than it was written', async () => {
    const to = aroundWrites(await filled({}), async () => undefined);
    const copying = copyStore(await filled({ a: '1' }), to);
    await assert.rejects(copying, failsWith('STORAGE_FAILED'));
  });
});
