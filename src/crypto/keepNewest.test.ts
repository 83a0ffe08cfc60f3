import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keepNewest } from './keepNewest.ts';

describe('keeping the newest', () => {
  it('forgets what was put into a map first, and only once there are too many', () => {
    const map = new Map<string, number>();
    const seen = ['a', 'b', 'c', 'd'].map((key, index) => {
      map.set(key, index);
      keepNewest(map, 2);
      return [...map.keys()].join('');
    });
    assert.deepEqual(seen, ['a', 'ab', 'bc', 'cd']);
  });

  it('does so with a set, and with what was put in once more', () => {
    const set = new Set(['a', 'b']);
    set.delete('a');
    set.add('a');
    set.add('c');
    keepNewest(set, 2);
    assert.deepEqual([...set], ['a', 'c']);
  });

  it('keeps nothing if nothing is to be kept, and an empty map as it is', () => {
    const map = new Map([[1, 1]]);
    keepNewest(map, 0);
    keepNewest(map, 0);
    assert.equal(map.size, 0);
  });
});
