import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitsQr, MOST_IN_QR } from './qrCapacity.ts';

describe('what a QR code holds', () => {
  it('is counted in bytes, of which a letter beyond ASCII has several', () => {
    assert.equal(fitsQr('a'.repeat(MOST_IN_QR)), true);
    assert.equal(fitsQr('a'.repeat(MOST_IN_QR + 1)), false);
    assert.equal(fitsQr('ж'.repeat(MOST_IN_QR / 2)), true);
    assert.equal(fitsQr('ж'.repeat(MOST_IN_QR / 2 + 1)), false);
  });
});
