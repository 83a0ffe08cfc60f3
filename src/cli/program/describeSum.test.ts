import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeSum } from './describeSum.ts';
import { parseSum } from './parseSum.ts';

describe('a sum of money on the command line', () => {
  it('is written with two places, with its currency if there is one, and below zero with a sign', () => {
    assert.equal(describeSum(0), '0.00');
    assert.equal(describeSum(7, 'EUR'), '0.07 EUR');
    assert.equal(describeSum(12_345, 'units'), '123.45 units');
    assert.equal(describeSum(-5), '-0.05');
  });

  it('is taken as it is written, and without places', () => {
    for (const units of [0, 1, 99, 100, 12_345]) assert.equal(parseSum(describeSum(units)), units);
    assert.equal(parseSum('12'), 1200);
    for (const text of ['', '-1', '1.5', '1.234', '1,50', '1e3', ' 1', '1'.repeat(13)]) {
      assert.throws(() => parseSum(text), text);
    }
  });
});
