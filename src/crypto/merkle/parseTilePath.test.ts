import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseTilePath } from './parseTilePath.ts';
import { tilePath } from './tilePath.ts';

describe('parseTilePath', () => {
  it('reads the paths of the specification', () => {
    assert.deepEqual(parseTilePath('tile/0/x001/x234/067'), {
      level: 0,
      index: 1_234_067,
      width: 256,
    });
    assert.deepEqual(parseTilePath('tile/entries/003.p/7'), {
      level: 'entries',
      index: 3,
      width: 7,
    });
  });

  it('reads what tilePath writes', () => {
    const level = fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 }));
    const width = fc.integer({ min: 1, max: 256 });
    fc.assert(
      fc.property(level, fc.maxSafeNat(), width, (atLevel, index, wide) => {
        const read = parseTilePath(tilePath(atLevel, index, wide));
        assert.deepEqual(read, { level: atLevel, index, width: wide });
      }),
    );
  });

  for (const path of [
    '',
    'tile/0',
    'tile/0/1',
    'tile/0/0001',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/00/001',
    'tile/64/001',
    'tile/-1/001',
    'tile/data/001',
    'tile/0/001.p/0',
    'tile/0/001.p/256',
    'tile/0/001.p/257',
    'tile/0/001.p/07',
    'tile/0/001.p/',
    'tile/0/001/',
    'tile/8/0/001',
    '/tile/0/001',
    'tile/0/x999/x999/x999/x999/x999/999',
  ]) {
    it(`knows no tile at "${path}"`, () => {
      assert.throws(() => parseTilePath(path), { code: 'NOT_FOUND' });
    });
  }
});
