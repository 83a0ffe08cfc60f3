import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findDifference } from './findDifference.ts';

const VALUE = { a: 1, b: [{ c: 'x' }, null], d: {} };

describe('findDifference', () => {
  it('finds none between values that are alike, in whatever order their fields stand', () => {
    assert.equal(findDifference(VALUE, structuredClone(VALUE)), undefined);
    assert.equal(findDifference(VALUE, { d: {}, b: VALUE.b, a: 1 }), undefined);
  });

  it('names the place where a value is another, is missing, or is too many', () => {
    const cases: [unknown, string][] = [
      [{ ...VALUE, a: 2 }, 'a'],
      [{ ...VALUE, a: '1' }, 'a'],
      [{ ...VALUE, b: [{ c: 'y' }, null] }, 'b[0].c'],
      [{ ...VALUE, b: [{ c: 'x' }] }, 'b[1]'],
      [{ ...VALUE, b: [{ c: 'x' }, null, 1] }, 'b[2]'],
      [{ ...VALUE, b: { 0: { c: 'x' }, 1: null } }, 'b'],
      [{ ...VALUE, d: null }, 'd'],
      [{ ...VALUE, d: { toString: 1 } }, 'd.toString'],
      [{ ...VALUE, e: undefined }, 'e'],
      [null, ''],
    ];
    for (const [found, place] of cases) assert.equal(findDifference(VALUE, found), place);
  });
});
