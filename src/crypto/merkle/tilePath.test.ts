import assert from 'node:assert/strict';
import { it } from 'node:test';
import { tilePath } from './tilePath.ts';

it('tilePath writes what C2SP tlog-tiles names', () => {
  const paths: [Parameters<typeof tilePath>, string][] = [
    [[0, 0, 256], 'tile/0/000'],
    [[0, 273, 256], 'tile/0/273'],
    [[0, 999, 256], 'tile/0/999'],
    [[0, 1_000, 256], 'tile/0/x001/000'],
    [[0, 1_234_067, 256], 'tile/0/x001/x234/067'],
    [[1, 1, 16], 'tile/1/001.p/16'],
    [[2, 0, 1], 'tile/2/000.p/1'],
    [['entries', 273, 112], 'tile/entries/273.p/112'],
    [['entries', 1_234_067, 256], 'tile/entries/x001/x234/067'],
    [[0, Number.MAX_SAFE_INTEGER, 256], 'tile/0/x009/x007/x199/x254/x740/991'],
  ];
  for (const [tile, path] of paths) assert.equal(tilePath(...tile), path);
});

it('tilePath refuses numbers that no tile has', () => {
  const wrong: Parameters<typeof tilePath>[] = [
    [-1, 0, 256],
    [64, 0, 256],
    [0.5, 0, 256],
    [0, -1, 256],
    [0, 2 ** 53, 256],
    [0, Number.NaN, 256],
    [0, 0, 0],
    [0, 0, 257],
    ['entries', 0, 1.5],
  ];
  for (const tile of wrong) {
    assert.throws(() => tilePath(...tile), { code: 'REQUEST_MALFORMED' });
  }
});
