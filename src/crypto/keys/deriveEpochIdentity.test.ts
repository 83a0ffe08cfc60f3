import assert from 'node:assert/strict';
import { hkdfSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { bech32 } from '@scure/base';
import { hexToBytes } from '../bytes.ts';
import { deriveEpochIdentity, type EpochKeyName } from './deriveEpochIdentity.ts';

const seed = new Uint8Array(32).fill(7);
const name: EpochKeyName = {
  handle: `0x${'11'.repeat(32)}`,
  category: 'laboratory',
  epoch: 3,
  salt: new Uint8Array(16).fill(9),
};

describe('deriveEpochIdentity', () => {
  it('gives this identity for this seed and name, today and in twenty years', () => {
    assert.equal(
      deriveEpochIdentity(seed, name),
      'AGE-SECRET-KEY-PQ-1C8PFK4WR0WDU0U5VKVF7JY8UF6KZLXK0FPMPD9V80SRP2N9KNSXSR2Z4Z8',
    );
  });

  it('derives by HKDF-SHA256 as OpenSSL has it, over an info that is written out here', () => {
    const info = hexToBytes(
      '0x00000018' +
        Buffer.from('medseal/1/epoch-identity').toString('hex') +
        `00000020${'11'.repeat(32)}` +
        '0000000a' +
        Buffer.from('laboratory').toString('hex') +
        '000000080000000000000003',
    );
    const expected = new Uint8Array(hkdfSync('sha256', seed, name.salt, info, 32));
    assert.deepEqual(bech32.decodeToBytes(deriveEpochIdentity(seed, name)).bytes, expected);
  });

  it('gives another identity for every seed, patient, category, epoch and salt', () => {
    const identities = [
      deriveEpochIdentity(seed, name),
      deriveEpochIdentity(seed.with(31, 8), name),
      deriveEpochIdentity(seed, { ...name, handle: `0x${'11'.repeat(31)}12` }),
      deriveEpochIdentity(seed, { ...name, category: 'laborator' }),
      deriveEpochIdentity(seed, { ...name, epoch: 4 }),
      deriveEpochIdentity(seed, { ...name, epoch: 3 + 2 ** 32 }),
      deriveEpochIdentity(seed, { ...name, salt: name.salt.with(0, 0) }),
    ];
    assert.equal(new Set(identities).size, identities.length);
  });

  it('refuses a seed of another length', () => {
    for (const length of [0, 31, 33]) {
      assert.throws(() => deriveEpochIdentity(new Uint8Array(length), name), {
        code: 'SEED_MALFORMED',
      });
    }
  });

  const wrong: Record<string, Partial<EpochKeyName>> = {
    'a handle of 31 bytes': { handle: `0x${'11'.repeat(31)}` },
    'a handle that is not hexadecimal': { handle: '0xzz' },
    'a salt of 15 bytes': { salt: new Uint8Array(15) },
    'a salt of 32 bytes': { salt: new Uint8Array(32) },
    'a negative epoch': { epoch: -1 },
    'half an epoch': { epoch: 0.5 },
    'an epoch beyond 2^53': { epoch: 2 ** 53 },
  };
  for (const [what, change] of Object.entries(wrong)) {
    it(`refuses ${what}`, () => {
      assert.throws(() => deriveEpochIdentity(seed, { ...name, ...change }), {
        code: 'REQUEST_MALFORMED',
      });
    });
  }
});
