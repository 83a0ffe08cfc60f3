import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tipFor } from './tipFor.ts';

describe('where the key of an epoch is found', () => {
  const cases: [readonly number[], number, number | undefined][] = [
    [[], 1, undefined],
    [[5], 5, 5],
    [[5], 1, 5],
    [[5], 6, undefined],
    [[256, 300], 256, 256],
    [[256, 300], 257, 300],
    [[300, 256], 3, 256],
    [[1, 2, 3, 20], 2, 2],
    [[1, 2, 3, 20], 4, 20],
  ];
  for (const [epochs, epoch, tip] of cases) {
    it(`is, for ${epoch} among ${epochs.join(', ') || 'none'}, ${tip ?? 'nowhere'}`, () => {
      assert.equal(tipFor(epochs, epoch), tip);
    });
  }
});
