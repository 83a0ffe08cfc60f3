import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemRandom } from './systemRandom.ts';

describe('the machine’s randomness', () => {
  it('gives as many bytes as are asked for, never the same, in memory of their own', () => {
    const seen = new Set<string>();
    for (let round = 0; round < 200; round++) {
      for (const length of [16, 32, 200, 256, 257, 20_000]) {
        const bytes = systemRandom(length);
        assert.equal(bytes.length, length);
        assert.equal(bytes.buffer.byteLength, length);
        seen.add(Buffer.from(bytes.subarray(0, 16)).toString('hex'));
      }
    }
    assert.equal(seen.size, 1200);
  });

  it('leaves no byte as it was', () => {
    const sums = new Uint8Array(256);
    for (let round = 0; round < 200; round++) {
      for (const [place, byte] of systemRandom(256).entries())
        sums[place] = (sums[place] ?? 0) | byte;
    }
    assert.ok(sums.every((byte) => byte === 255));
  });
});
