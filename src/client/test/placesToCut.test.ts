import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { placesToCut } from './placesToCut.ts';

const CALLS = ['read', 'keep', 'write', 'facts', 'submit', 'keep', 'write', 'card'];

describe('the places at which a deed is cut off', () => {
  it('are all of its changes', () => {
    assert.deepEqual(placesToCut(CALLS, 1), [2, 3, 5, 6, 7]);
  });

  it('are every second one, and one of each kind', () => {
    assert.deepEqual(placesToCut(CALLS, 2), [3, 5, 6]);
    assert.deepEqual(placesToCut(CALLS, 9), [5, 6, 7]);
  });

  it('do not exist if nothing changes', () => {
    assert.deepEqual(placesToCut(['read', 'facts'], 1), []);
  });
});
