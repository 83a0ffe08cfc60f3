import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MemoryLevel } from 'memory-level';
import { rangeUnder } from './rangeUnder.ts';

it('a range under a prefix has the keys that begin with it, and no others', async () => {
  const level = new MemoryLevel();
  for (const key of ['a', 'a-/b', 'a/', 'a/b', 'a/b/c', 'a/~', 'a0', 'ab/c']) {
    await level.put(key, '');
  }
  assert.deepEqual(await level.keys(rangeUnder('a/')).all(), ['a/b', 'a/b/c', 'a/~']);
});
