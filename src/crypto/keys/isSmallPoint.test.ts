import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { x25519 } from '@noble/curves/ed25519.js';
import { numberToBytesLE } from '@noble/curves/utils.js';
import { isSmallPoint } from './isSmallPoint.ts';

const PRIME = 2n ** 255n - 19n;
const SECRET = new Uint8Array(32).fill(1);

/** Tells whether X25519 agrees on zero with it, as the library says. */
function makesNothing(key: Uint8Array): boolean {
  try {
    x25519.getSharedSecret(SECRET, key);
    return false;
  } catch {
    return true;
  }
}

describe('a point of small order', () => {
  const small = [
    0n,
    1n,
    PRIME - 1n,
    325_606_250_916_557_431_795_983_626_356_110_631_294_008_115_727_848_805_560_023_387_167_927_233_504n,
    39_382_357_235_489_614_581_723_060_781_553_021_112_529_911_719_440_698_176_882_885_853_963_445_705_823n,
  ];
  const written = [...small, ...small.map((u) => u + PRIME)].filter((u) => u < 2n ** 255n);

  it('is found in each of its seven encodings, with the topmost bit and without', () => {
    assert.equal(written.length, 7);
    for (const u of [...written, ...written.map((each) => each + 2n ** 255n)]) {
      const key = numberToBytesLE(u, 32);
      assert.ok(makesNothing(key));
      assert.ok(isSmallPoint(key), `${u}`);
    }
  });

  it('is no other: neither its neighbours, nor what is over the prime, nor keys', () => {
    const near = written.flatMap((u) => [u - 1n, u + 1n]);
    const over = Array.from({ length: 19 }, (_, more) => PRIME + BigInt(more));
    const others = [...near, ...over].filter((u) => u >= 0n && u < 2n ** 255n);
    const keys = [7, 8, 9].map((fill) => x25519.getPublicKey(new Uint8Array(32).fill(fill)));
    for (const key of [...others.map((u) => numberToBytesLE(u, 32)), ...keys]) {
      assert.equal(isSmallPoint(key), makesNothing(key));
    }
  });
});
