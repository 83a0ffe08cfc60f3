import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { base64 } from '@scure/base';
import * as fc from 'fast-check';
import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import { ageIdentity, recipientKey, recipientOf } from '../crypto/keys/ageIdentity.ts';
import { nativeKem } from './nativeKem.ts';

/** draft-connolly-cfrg-xwing-kem-10, appendix C, the first vector. */
const PUBLISHED = {
  seed: '0x7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26',
  /** SHA-256 of the public key. */
  publicKey: '0x2e816deebcd76c5c80d0cd2d174478871658e8e2ff42bc9d4a6e486372e856bb',
  /** In base64. */
  encapsulated: [
    'uDqoKNTWK5qDzv/h09O7HvMSZGQ8BwxXmJJ+QfsHkUonP4+W54Js1TdaKD19qIUwTF3gUWoPBlQkPcW5f4v+uDH2glEhmqvd',
    'cjvGUSBBrLrvivRCZVJJQrkC5o/9IyIc2nCxtV13apLRFD6joMR19j7miQFXxxFtrj9iv3L2Cs0ruMwxziug3jZPUrjtOMed',
    'cZcVljpd04QtjotDq3BOR1m1MnvwJ8Y8j6hXxJCNWop7iKx/K+OU2Tw3Bt3U5pjMbONwEB9NAhMlQji0ouiCG25BShzyD2wS',
    'RLaZBG9aAcqgoaVVFjALQNIEjHfMc6+6ea/uqdLAEYvfKtuIcNwyjFUWzEWxogWBQQOeLJChEKnhazGN+1O9SaEm1rc/IVeH',
    'UXuJF8wByr0QfQaFmFTui0+YYcIm03ZMhzOasWw2Z9L0k4TlVFbdQEFLcKavhBWF9MkMaHJdV3BO6O585uL5vlgtvumF4Dj/',
    'w0br+04iFYtshDdKmrSkTh+R3lqsUZf4m8XlRC9R+aWTexAro76uv24cWDgKSl/tzkpOUCb4j1KPWf/S20F1Kzo9kO+r5GOJ',
    'm31AhwxTDIhB6HErczZo7QM62/r7LUnTekTUBk5YY+sK8KCNR7PMiINzvAX3ozuEG8JYfFfraVVOijdnt1BpF7a3BJhyfxbq',
    'waNuyNjPr3UVSfInfbJ36KVamlEGsjoCBrRyH6mzBIVSxb1bWU1uJH84wYxZGup/ViSccs57EXr8w6hiFYL5z3F4fhg97gk2',
    'eXbphAmtkhekl9+IgEI4TXcHprePX3+4QJ47U1F1NzRht3YALXmcutYoYL5wVz7L4Tskbg2n6TpSFo4Ptql1a4le9/AUeg3I',
    'G/pkSwiKkigWDA+azxN5opQc0owG68gOROF6ovgXcBCv14qXzgho0WKeuylMUVGBLFg9rriGhSIPTakRgRLgcEH8wk1VZKmf',
    '294ohp/gciOH16mk0W4cyFVZF+CZRKpeuqrsLPYmk6+tQqP1GPzmfSc8xsn7VHKzgOhXPsfeBqO6L9X5MdcltJMCbLCsvT/m',
    'LQDkx5DZZdegOjwLQiK6jCqaFuKsZY9XKuDnRur8T+ugI1dvCJQieKBB+4KnClldW6y/KXziApiYpx5cOw0cYii0hbGt5Qmz',
    'X7yn7Kl7ITLny2vEZTdRRrfc6slpMIrAwqyJ54Y+uJQwFbJDFMr7nHwOhf5UPVZljCE2Mlme+r/B7EndjIhUe7LMQMnTjL0w',
    'mbRUeEBWBTHQGIzR6cI6Dr7goD1Vd9ZrHSvLS6ryHMf+8eA4BsqWKZ3w37xW4bK0Pk/CDDf4NMSvYhJ+fa6Gw8JaL2lqyLWJ',
    '3scdWVv76Ute1LwH2ACzMHlv2ontt3vgKUE2E5NU64zTdZFXj5xgDdm+jsYhn91Qet8zl+1NaHB7jROyTOTNj7IoUb/p1jJA',
    'fzHtb3yxYA3lbxdXZ0DOKjL8UUUDAUXPuX5j4OQdNUJ0oHnT5vsuFQ==',
  ].join(''),
  secret: '0xd2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384',
};

/** The bytes at other lengths. */
function others(bytes: Uint8Array): readonly Uint8Array[] {
  return [
    Uint8Array.of(...bytes, 0),
    Uint8Array.of(...bytes, ...bytes),
    bytes.slice(0, -1),
    new Uint8Array(),
  ];
}

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('nativeKem', () => {
  it('gives the public key and the secret that the draft of X-Wing publishes', () => {
    const seed = hexToBytes(PUBLISHED.seed);
    const key = nativeKem.publicKey(seed);
    assert.equal(bytesToHex(portablePrimitives.sha256(key)), PUBLISHED.publicKey);
    const secret = nativeKem.decapsulate(seed, base64.decode(PUBLISHED.encapsulated));
    assert.equal(bytesToHex(secret), PUBLISHED.secret);
  });

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

  // @attack a key or a stanza is longer than it may be, or out of range | lengths and coefficients are checked exactly
  it('takes keys, secrets and seeds of exactly their lengths', () => {
    const seed = new Uint8Array(32).fill(3);
    const key = nativeKem.publicKey(seed);
    const { encapsulated } = nativeKem.encapsulate(key);
    for (const other of others(key)) assert.throws(() => nativeKem.encapsulate(other));
    for (const other of others(encapsulated)) {
      assert.throws(() => nativeKem.decapsulate(seed, other));
    }
    for (const other of others(seed)) {
      assert.throws(() => nativeKem.publicKey(other));
      assert.throws(() => nativeKem.decapsulate(other, encapsulated));
    }
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

  it('finds the same secrets with a seed that is expanded once', () => {
    const seed = new Uint8Array(32).fill(9);
    const find = nativeKem.expand?.(seed);
    for (let time = 0; time < 3; time++) {
      const { encapsulated, secret } = nativeKem.encapsulate(nativeKem.publicKey(seed));
      assert.deepEqual(find?.(encapsulated), secret);
      assert.throws(() => find?.(encapsulated.subarray(1)), /bytes/);
    }
  });

  it('refuses what is not a key', () => {
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
    const seed = new Uint8Array(32).fill(1);
    for (const wrong of [encapsulated.subarray(1), encapsulated.slice().fill(0, 1_088)]) {
      assert.throws(() => nativeKem.decapsulate(seed, wrong));
    }
  });
});
