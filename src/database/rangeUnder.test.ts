import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MemoryDatabase } from './test/MemoryDatabase.ts';
import { rangeUnder } from './rangeUnder.ts';

it('a range under a prefix has the keys that begin with it, and no others', async () => {
  const level = new MemoryDatabase();
  for (const key of ['a', 'a-/b', 'a/', 'a/b', 'a/b/c', 'a/~', 'a0', 'ab/c']) {
    await level.put(key, '');
  }
  assert.deepEqual(await level.keys(rangeUnder('a/')).all(), ['a/b', 'a/b/c', 'a/~']);
});
