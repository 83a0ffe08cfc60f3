import assert from 'node:assert/strict';
import { hkdfSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { bech32 } from '@scure/base';
import * as fc from 'fast-check';
import { bytesToHex } from '../bytes.ts';
import { portablePrimitives } from '../portablePrimitives.ts';
import { deriveParty } from './deriveParty.ts';

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
