import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { base64ToBytes, bytesToBase64 } from './base64.ts';

describe('bytes in base64', () => {
  it('are those of another library, and come back, also beyond one piece', () => {
    const large = new Uint8Array(20_001).map((_, place) => place % 251);
    assert.deepEqual(base64ToBytes(bytesToBase64(large)), large);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        assert.equal(bytesToBase64(bytes), Buffer.from(bytes).toString('base64'));
        assert.deepEqual(base64ToBytes(bytesToBase64(bytes)), Uint8Array.from(bytes));
      }),
    );
  });

  it('are undefined of a text that is not base64', () => {
    for (const text of ['*', 'a', 'ab=c']) assert.equal(base64ToBytes(text), undefined);
  });
});
