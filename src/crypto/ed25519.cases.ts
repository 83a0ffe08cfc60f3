import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import * as fc from 'fast-check';
import { concatBytes, hexToBytes } from './bytes.ts';
import type { Primitives } from './Primitives.ts';

/** RFC 8032 §7.1, tests 1, 2 and 3: seed, public key, message, signature. */
const RFC8032 = [
  [
    '0x9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    '0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '0x',
    '0xe5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '0x4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '0x3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '0x72',
    '0x92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    '0xc5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    '0xfc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    '0xaf82',
    '0x6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const;

/** A point of order 8. */
const SMALL = 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a';

type Vector = readonly [
  seed: Uint8Array,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
];

/**
 * Tests of Ed25519 for every implementation of `Primitives`.
 *
 * @param name - The implementation.
 * @param create - Makes it.
 */
export function ed25519Cases(name: string, create: () => Primitives | Promise<Primitives>): void {
  describe(`${name}: Ed25519`, async () => {
    const primitives = await create();
    const vectors = RFC8032.map((vector) => vector.map(hexToBytes) as unknown as Vector);
    const [seed, publicKey, message, signature] = vectors[1] as Vector;

    it('signs as RFC 8032 says, and holds what it signs for right', () => {
      for (const [secret, key, text, expected] of vectors) {
        assert.deepEqual(primitives.signEd25519(text, secret), expected);
        assert.equal(primitives.verifyEd25519(text, expected, key), true);
      }
    });

    it('refuses a signature, a message and a key with a changed bit', () => {
      for (let bit = 0; bit < 8; bit++) {
        const altered = flipped(message, bit);
        assert.equal(primitives.verifyEd25519(altered, signature, publicKey), false);
      }
      for (let bit = 0; bit < 64 * 8; bit += 5) {
        const altered = flipped(signature, bit);
        assert.equal(primitives.verifyEd25519(message, altered, publicKey), false);
      }
      for (let bit = 0; bit < 32 * 8; bit += 5) {
        const altered = flipped(publicKey, bit);
        assert.equal(primitives.verifyEd25519(message, signature, altered), false);
      }
    });

    const zero = new Uint8Array(64).fill(1, 0, 1);
    const refused: Record<string, readonly [signature: Uint8Array, key: Uint8Array]> = {
      'an s over the order': [overOrder(signature), publicKey],
      'no signature': [new Uint8Array(), publicKey],
      'a signature of 63 bytes': [signature.subarray(1), publicKey],
      'a signature of 65 bytes': [concatBytes(signature, Uint8Array.of(0)), publicKey],
      'no key': [signature, new Uint8Array()],
      'a key of 33 bytes': [signature, concatBytes(publicKey, Uint8Array.of(0))],
      'a key that is not a point': [signature, new Uint8Array(32).fill(2, 0, 1)],
      'a key for which zeros hold': [zero, zero.subarray(0, 32)],
      'that key in another spelling': [zero, hexToBytes(`0xee${'ff'.repeat(30)}7f`)],
      'a key of order 8': [signature, hexToBytes(`0x${SMALL}`)],
    };
    for (const [what, [wrong, key]] of Object.entries(refused)) {
      it(`refuses ${what}`, () => {
        assert.equal(primitives.verifyEd25519(message, wrong, key), false);
      });
    }

    it('signs with nothing but seeds of 32 bytes', () => {
      for (const wrong of [new Uint8Array(), seed.subarray(1), concatBytes(seed, seed)]) {
        assert.throws(() => primitives.signEd25519(message, wrong), { code: 'SEED_MALFORMED' });
      }
    });
  });
}

/**
 * Asserts that two implementations do the same, even in cases in which libraries are known to differ.
 *
 * @param left - The one.
 * @param right - The other.
 */
export function assertSameEd25519(left: Primitives, right: Primitives): void {
  const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const messages = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(seeds, messages, (seed, message) => {
      const key = ed25519.getPublicKey(seed);
      const signature = left.signEd25519(message, seed);
      assert.deepEqual(signature, right.signEd25519(message, seed));
      for (const each of [left, right]) {
        assert.equal(each.verifyEd25519(message, signature, key), true);
      }
      const odd = withSmallPart(message, seed);
      const said = [left, right].map((each) => each.verifyEd25519(message, odd, key));
      assert.equal(said[0], said[1]);
    }),
    { numRuns: 25 },
  );
}

/** A signature whose R has a part of small order: only who holds the key can make it, and libraries disagree about it. */
function withSmallPart(message: Uint8Array, seed: Uint8Array): Uint8Array {
  const { Point, utils } = ed25519;
  const { scalar, pointBytes } = utils.getExtendedPublicKey(seed);
  const nonce = 12_345n;
  const R = Point.BASE.multiply(nonce).add(Point.fromHex(SMALL)).toBytes();
  const challenge = bytesToNumberLE(sha512(concatBytes(R, pointBytes, message)));
  const s = Point.Fn.create(nonce + Point.Fn.create(challenge) * scalar);
  return concatBytes(R, numberToBytesLE(s, 32));
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = bytes.slice();
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return changed;
}

/** The same signature with the order added to its s. */
function overOrder(signature: Uint8Array): Uint8Array {
  const s = bytesToNumberLE(signature.subarray(32)) + ed25519.Point.Fn.ORDER;
  return concatBytes(signature.subarray(0, 32), numberToBytesLE(s, 32));
}
