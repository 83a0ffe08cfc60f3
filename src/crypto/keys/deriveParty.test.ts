import assert from 'node:assert/strict';
import { hkdfSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bech32 } from '@scure/base';
import * as fc from 'fast-check';
import { bytesToHex, hexToBytes } from '../bytes.ts';
import { portablePrimitives } from '../portablePrimitives.ts';
import { deriveParty } from './deriveParty.ts';

/** RFC 5869, appendix A.1 to A.3: input, salt, info, output. */
const RFC5869 = [
  [
    `0x${'0b'.repeat(22)}`,
    '0x000102030405060708090a0b0c',
    '0xf0f1f2f3f4f5f6f7f8f9',
    '0x3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  ],
  [
    range(0x00, 0x4f),
    range(0x60, 0xaf),
    range(0xb0, 0xff),
    '0xb11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c' +
      '59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71' +
      'cc30c58179ec3e87c14c01d5c1f3434f1d87',
  ],
  [
    `0x${'0b'.repeat(22)}`,
    '0x',
    '0x',
    '0x8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
  ],
] as const;

function range(from: number, to: number): string {
  return bytesToHex(Uint8Array.from({ length: to - from + 1 }, (_, index) => from + index));
}

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('deriveParty', () => {
  it('gives these secrets for this seed, today and in twenty years', () => {
    const { signingKey, identity } = deriveParty(new Uint8Array(32).fill(7));
    assert.equal(
      bytesToHex(signingKey),
      '0x57503518fef3c9dd283e0e4c6d8647237fd4016c11649d75837f51c7292f2959',
    );
    assert.equal(
      identity,
      'AGE-SECRET-KEY-PQ-1G0LETH84M00K4MP93PE5YUQWJW56DP0DZ72J74K75Z5FN6VF3FESPFYS9K',
    );
  });

  it('stands on an HKDF-SHA256 that gives the outputs of RFC 5869', () => {
    for (const [input, salt, info, output] of RFC5869) {
      const length = output.length / 2 - 1;
      const made = hkdf(sha256, hexToBytes(input), hexToBytes(salt), hexToBytes(info), length);
      assert.equal(bytesToHex(made), output);
    }
  });

  it('derives by HKDF-SHA256 as OpenSSL has it, without a salt, the label as info', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const expected = (label: string): Uint8Array =>
          new Uint8Array(hkdfSync('sha256', seed, '', label, 32));
        const { signingKey, identity } = deriveParty(seed);
        assert.deepEqual(signingKey, expected('medseal/1/signing-key'));
        const { bytes } = bech32.decodeToBytes(identity);
        assert.deepEqual(bytes, expected('medseal/1/age-identity'));
        assert.equal(portablePrimitives.publicKey(signingKey).length, 65);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses a seed of another length', () => {
    for (const length of [0, 16, 31, 33, 64]) {
      assert.throws(() => deriveParty(new Uint8Array(length)), { code: 'SEED_MALFORMED' });
    }
  });
});
