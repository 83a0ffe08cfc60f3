import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unlikelyBodyMassIndex } from './bodyMassIndex.ts';

describe('a weight and a height', () => {
  it('are unlikely together if one is in pounds or inches', () => {
    assert.equal(unlikelyBodyMassIndex({ weight: '70,5', height: '69' })?.toFixed(0), '148');
    assert.equal(unlikelyBodyMassIndex({ weight: '600', height: '180' })?.toFixed(0), '185');
  });

  it('are likely as grown people and newborns have them, and if one of them is not given', () => {
    for (const values of [
      { weight: '70.5', height: '176' },
      { weight: '3.2', height: '50' },
      { weight: '200', height: '170' },
      { weight: '600' },
      { height: '69' },
      { weight: 'heavy', height: '69' },
      {},
    ]) {
      assert.equal(unlikelyBodyMassIndex(values), undefined);
    }
  });
});
