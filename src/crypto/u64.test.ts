import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesToHex } from './bytes.ts';
import { readU64, u64, writeU64 } from './u64.ts';

describe('a number as 8 bytes', () => {
  const numbers = fc.maxSafeNat();

  it('is big-endian', () => {
    assert.equal(bytesToHex(u64(0x1234)), '0x0000000000001234');
    assert.equal(bytesToHex(u64(2 ** 53 - 1)), '0x001fffffffffffff');
    const view = new DataView(new ArrayBuffer(8));
    fc.assert(
      fc.property(numbers, (n) => {
        view.setBigUint64(0, BigInt(n));
        assert.deepEqual(Buffer.from(u64(n)), Buffer.from(view.buffer));
      }),
    );
  });

  it('is read again as what was written, at any offset, and nothing beside it is touched', () => {
    fc.assert(
      fc.property(numbers, fc.nat({ max: 9 }), (n, offset) => {
        const bytes = new Uint8Array(18).fill(0xff);
        writeU64(bytes, offset, n);
        assert.equal(readU64(bytes, offset), n);
        assert.ok(bytes.every((byte, i) => (i >= offset && i < offset + 8) || byte === 0xff));
      }),
    );
  });

  it('sorts as the numbers do', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        assert.equal(Buffer.compare(u64(a), u64(b)), Math.sign(a - b));
      }),
    );
  });
});
