import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '../bytes.ts';
import { ROOTS, published } from './trees.cases.ts';

describe('memoryTree', () => {
  it('says what it does not hold', () => {
    assert.equal(published.size, 8);
    assert.equal(bytesToHex(published.root), ROOTS[8]);
    assert.throws(() => published.readHash(0, 8), { code: 'NOT_FOUND' });
    assert.throws(() => published.readHash(4, 0), { code: 'NOT_FOUND' });
  });
});
