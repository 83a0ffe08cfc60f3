import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GroupCommit } from './GroupCommit.ts';

describe('group commit', () => {
  it('writes what was added in one turn together, and what came meanwhile after it', async () => {
    const groups: number[][] = [];
    const commit: GroupCommit<number, number> = new GroupCommit(
      async (items) => {
        groups.push([...items]);
        if (groups.length === 1) later.push(commit.add(4), commit.add(5));
        await new Promise(setImmediate);
        return groups.length;
      },
      () => 1,
      100,
    );
    const later: Promise<number>[] = [];
    assert.deepEqual(await Promise.all([commit.add(1), commit.add(2), commit.add(3)]), [1, 1, 1]);
    await commit.idle();
    assert.deepEqual(await Promise.all(later), [2, 2]);
    assert.deepEqual(groups, [
      [1, 2, 3],
      [4, 5],
    ]);
    assert.equal(await commit.add(6), 3);
  });

  it('keeps a group within its limit, unless one item alone is over it', async () => {
    const groups: number[][] = [];
    const commit = new GroupCommit<number, void>(
      async (items) => {
        await Promise.resolve(groups.push([...items]));
      },
      (item) => item,
      10,
    );
    await Promise.all([4, 6, 1, 50, 3, 7, 1].map(async (item) => await commit.add(item)));
    assert.deepEqual(groups, [[4, 6], [1], [50], [3, 7], [1]]);
  });

  it('tells everyone in a group of its failure, and goes on with the next', async () => {
    const failure = new Error('no space');
    let writes = 0;
    const commit = new GroupCommit<string, string>(
      async (items) => {
        writes += 1;
        if (writes === 1) return await Promise.reject(failure);
        return items.join();
      },
      () => 1,
      2,
    );
    const results = await Promise.allSettled(['a', 'b', 'c'].map(async (x) => await commit.add(x)));
    assert.deepEqual(results, [
      { status: 'rejected', reason: failure },
      { status: 'rejected', reason: failure },
      { status: 'fulfilled', value: 'c' },
    ]);
  });
});
