import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { isMlKemKey } from './isMlKemKey.ts';

const LENGTH = 1_184;

describe('isMlKemKey', () => {
  it('takes the largest number at every place, and refuses the one above it', () => {
    fc.assert(
      fc.property(fc.nat(767), fc.integer({ min: 3_329, max: 4_095 }), (place, above) => {
        assert.equal(isMlKemKey(keyWith(place, 3_328)), true);
        assert.equal(isMlKemKey(keyWith(place, above)), false);
      }),
    );
  });

  it('takes whatever stands in the last 32 bytes, which are not numbers', () => {
    assert.equal(isMlKemKey(new Uint8Array(LENGTH).fill(0xff, LENGTH - 32)), true);
  });

  for (const length of [0, 32, 1_152, LENGTH - 1, LENGTH + 1, 1_216]) {
    it(`refuses ${length} bytes`, () => {
      assert.equal(isMlKemKey(new Uint8Array(length)), false);
    });
  }
});

/** A key of zeros but for one number. */
function keyWith(place: number, number: number): Uint8Array {
  const key = new Uint8Array(LENGTH);
  const bit = place * 12;
  const at = Math.floor(bit / 8);
  const shifted = number << (bit % 8);
  key[at] = shifted & 0xff;
  key[at + 1] = shifted >> 8;
  return key;
}
