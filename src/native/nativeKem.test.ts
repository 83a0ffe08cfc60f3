import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { ageIdentity, recipientKey, recipientOf } from '../crypto/keys/ageIdentity.ts';
import { nativeKem } from './nativeKem.ts';

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('nativeKem', () => {
  it('gives the recipients that age-encryption gives', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const identity = ageIdentity(seed);
        const recipient = await recipientOf(identity);
        assert.equal(await recipientOf(identity, nativeKem), recipient);
        assert.deepEqual(nativeKem.publicKey(seed), recipientKey(recipient));
      }),
      { numRuns: 10 },
    );
  });

  it('finds the secret that was made for the key, and another for every other key', () => {
    fc.assert(
      fc.property(seeds, seeds, (seed, other) => {
        const { encapsulated, secret } = nativeKem.encapsulate(nativeKem.publicKey(seed));
        assert.equal(encapsulated.length, 1_120);
        assert.equal(secret.length, 32);
        assert.deepEqual(nativeKem.decapsulate(seed, encapsulated), secret);
        fc.pre(Buffer.compare(seed, other) !== 0);
        assert.notDeepEqual(nativeKem.decapsulate(other, encapsulated), secret);
      }),
      { numRuns: 20 },
    );
  });

  it('finds another secret when a bit of either half is changed', () => {
    const seed = new Uint8Array(32).fill(1);
    const { encapsulated, secret } = nativeKem.encapsulate(nativeKem.publicKey(seed));
    for (const at of [0, 500, 1_087, 1_088, 1_110]) {
      const changed = encapsulated.with(at, (encapsulated[at] ?? 0) ^ 1);
      assert.notDeepEqual(nativeKem.decapsulate(seed, changed), secret);
    }
  });

  it('makes a fresh secret every time', () => {
    const key = nativeKem.publicKey(new Uint8Array(32).fill(1));
    const [left, right] = [nativeKem.encapsulate(key), nativeKem.encapsulate(key)];
    assert.notDeepEqual(left.secret, right.secret);
    assert.notDeepEqual(left.encapsulated.subarray(0, 32), right.encapsulated.subarray(0, 32));
    assert.notDeepEqual(left.encapsulated.subarray(1_088), right.encapsulated.subarray(1_088));
  });

  it('refuses what is no key', () => {
    const key = nativeKem.publicKey(new Uint8Array(32).fill(1));
    for (const wrong of [
      new Uint8Array(),
      key.subarray(1),
      // Coefficients that are not reduced (FIPS 203 §7.2), and a point of low order.
      new Uint8Array(1_216).fill(0xff),
      Uint8Array.from(key).fill(0, 1_184),
    ]) {
      assert.throws(() => nativeKem.encapsulate(wrong));
    }
    const { encapsulated } = nativeKem.encapsulate(key);
    assert.throws(() => nativeKem.decapsulate(new Uint8Array(32), encapsulated.subarray(1)));
  });
});
