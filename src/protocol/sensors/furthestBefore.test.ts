import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { furthestBefore } from './furthestBefore.ts';

/** Batches by start, first number and count. */
function befores(...batches: readonly (readonly [number, number, number])[]) {
  return furthestBefore(batches.map(([boot, first, count]) => ({ boot, first, count })));
}

describe('the batch that another is compared with', () => {
  it('is the one before it, and none for the first of each start', () => {
    assert.deepEqual(befores([1, 0, 5], [1, 5, 5], [1, 10, 5]), [undefined, 0, 1]);
    assert.deepEqual(befores([1, 0, 5], [2, 0, 5], [2, 5, 5]), [undefined, undefined, 1]);
    assert.deepEqual(befores(), []);
  });

  it('is a long one that reaches over those between', () => {
    assert.deepEqual(befores([1, 0, 100], [1, 5, 5], [1, 20, 5]), [undefined, 0, 0]);
  });

  it('is the first of two that reach as far', () => {
    assert.deepEqual(befores([1, 0, 10], [1, 5, 5], [1, 10, 5]), [undefined, 0, 0]);
  });

  it('is of the same start, however far an earlier start reaches', () => {
    assert.deepEqual(befores([1, 0, 1000], [2, 0, 5], [2, 5, 5]), [undefined, undefined, 1]);
  });
});
