import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { slipNumber } from './slipNumber.ts';

describe('the number of a prescription', () => {
  it('is the beginning of its id, which the command line takes too', () => {
    assert.equal(slipNumber(`0x3fa801bc${'00'.repeat(28)}`), '3FA8 01BC');
  });
});
