import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyedLock } from './KeyedLock.ts';

describe('a keyed lock', () => {
  it('runs the work of one key in order, one at a time, and that of others meanwhile', async () => {
    const lock = new KeyedLock();
    const seen: string[] = [];
    const work = (name: string) => async (): Promise<string> => {
      seen.push(`${name} begins`);
      await new Promise(setImmediate);
      seen.push(`${name} ends`);
      return name;
    };
    const results = await Promise.all([
      lock.run('a', work('a1')),
      lock.run('a', work('a2')),
      lock.run('b', work('b1')),
    ]);
    assert.deepEqual(results, ['a1', 'a2', 'b1']);
    assert.ok(seen.indexOf('a1 ends') < seen.indexOf('a2 begins'));
    assert.ok(seen.indexOf('b1 begins') < seen.indexOf('a1 ends'));
  });

  it('gives several keys at once to work that never waits for itself or in a ring', async () => {
    const lock = new KeyedLock();
    const held = new Set<string>();
    const work = (keys: readonly string[]) => async (): Promise<void> => {
      for (const key of new Set(keys)) {
        assert.ok(!held.has(key));
        held.add(key);
      }
      await new Promise(setImmediate);
      for (const key of keys) held.delete(key);
    };
    const all = [['a', 'b'], ['b', 'a'], ['a', 'a'], ['c', 'b', 'a'], ['b', 'c'], []];
    await Promise.all(all.map(async (keys) => await lock.runAll(keys, work(keys))));
  });

  it('goes on after work that failed, and tells its own caller alone', async () => {
    const lock = new KeyedLock();
    const failure = new Error('failed');
    const failing = lock.run('a', async () => await Promise.reject(failure));
    const next = lock.run('a', async () => await Promise.resolve(2));
    await assert.rejects(failing, failure);
    assert.equal(await next, 2);
  });
});
