import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, it } from 'node:test';
import { CHECKSUM_BYTES, withChecksum, withoutChecksum } from './rowChecksum.ts';

describe('the checksum of a row', () => {
  it('gives back any value under its key, also an empty one, and a text as its UTF-8', () => {
    for (let turn = 0; turn < 2000; turn++) {
      const [key, value] = [randomBytes(randomInt(40)), randomBytes(randomInt(300))];
      assert.deepEqual(withoutChecksum(key, withChecksum(key, value)), value);
    }
    const stored = withChecksum('schlüssel', 'Größe ✓');
    assert.equal(withoutChecksum(Buffer.from('schlüssel'), stored)?.toString(), 'Größe ✓');
    assert.deepEqual(stored, withChecksum(Buffer.from('schlüssel'), Buffer.from('Größe ✓')));
  });

  it('is CRC-32 of key and value, lowest byte first, behind the value', () => {
    const stored = withChecksum('123', '456789');
    assert.equal(crc32('123456789'), 0xcbf43926);
    assert.equal(stored.toString('hex'), `${Buffer.from('456789').toString('hex')}2639f4cb`);
  });

  it('finds every flipped bit of key and value, and every other length', () => {
    const key = randomBytes(33);
    const stored = withChecksum(key, randomBytes(60));
    for (let bit = 0; bit < 8 * stored.length; bit++) {
      assert.equal(withoutChecksum(key, flipped(stored, bit)), undefined);
    }
    for (let bit = 0; bit < 8 * key.length; bit++) {
      assert.equal(withoutChecksum(flipped(key, bit), stored), undefined);
    }
    for (let length = 0; length < stored.length; length++) {
      const cut = stored.subarray(0, length);
      // One in 2^32 random values that are cut passes.
      assert.ok(length < CHECKSUM_BYTES || withoutChecksum(key, cut) === undefined);
    }
    assert.equal(withoutChecksum(key, Buffer.of()), undefined);
    assert.equal(withoutChecksum(key, Buffer.concat([stored, Buffer.of(0)])), undefined);
  });
});

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const place = bit >> 3;
  return Uint8Array.from(bytes).with(place, (bytes[place] ?? 0) ^ (1 << (bit & 7)));
}
