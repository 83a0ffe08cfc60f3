import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../bytes.ts';
import { TAG_LENGTH, type PayloadCipher } from './PayloadCipher.ts';

/** Wycheproof, ChaCha20-Poly1305 without associated data: key, nonce, plaintext, ciphertext, tag. */
const WYCHEPROOF = [
  [
    '0x80ba3192c803ce965ea371d5ff073cf0f43b6a2ab576b208426e11409c09b9b0',
    '0x4da5bf8dfd5852c1ea12379d',
    '0x',
    '0x',
    '0x76acb342cf3166a5b63c0c0ea1383c8d',
  ],
  [
    '0xcc56b680552eb75008f5484b4cb803fa5063ebd6eab91f6ab6aef4916a766273',
    '0x99e23ec48985bccdeeab60f1',
    '0x2a',
    '0x3a',
    '0xcac27dec0968801e9f6eded69d807522',
  ],
  [
    '0x67119627bd988eda906219e08c0d0d779a07d208ce8a4fe0709af755eeec6dcb',
    '0x68ab7fdbf61901dad461d23c',
    '0x51f8c1f731ea14acdb210a6d973e07',
    '0x0b29638e1fbdd6df53970be2210042',
    '0x2a9134087d67a46e79178d0a93f5e1d2',
  ],
  [
    '0x59d4eafb4de0cfc7d3db99a8f54b15d7b39f0acc8da69763b019c1699f87674a',
    '0x2fcb1b38a99e71b84740ad9b',
    '0x549b365af913f3b081131ccb6b825588',
    '0xe9110e9f56ab3ca483500ceabab67a13',
    '0x836ccabf15a6a22a51c1071cfa68fa0c',
  ],
  [
    '0xcf0d40a4644e5f51815165d5301b22631f4544c49a1878e3a0a5e8e1aae0f264',
    '0xe74a515e7e2102b90bef55d2',
    '0x973d0c753826bae466cf9abb3493152e9de7819e2bd0c71171346b4d2cebf8041aa3cedc0dfd7b467e26228bc86c9a',
    '0xfba78ae4f9d808a62e3da40be2cb7700c3613d9eb2c529c652e76a432c658d27095f0eb8f940c324981ea935e507f9',
    '0x8f046956db3a512908bd7afc8f2ab0a9',
  ],
] as const;

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
const nonces = fc.uint8Array({ minLength: 12, maxLength: 12 });

/**
 * Tests for every implementation of `PayloadCipher`.
 *
 * @param name - The implementation.
 * @param cipher - The implementation.
 */
export function payloadCipherCases(name: string, cipher: PayloadCipher): void {
  describe(name, () => {
    it('gives the ciphertexts and tags that Wycheproof publishes, and opens them', () => {
      for (const row of WYCHEPROOF) {
        const [key, nonce, plaintext, ciphertext, tag] = row.map(hexToBytes) as [
          Uint8Array,
          Uint8Array,
          Uint8Array,
          Uint8Array,
          Uint8Array,
        ];
        const sealed = concatBytes(ciphertext, tag);
        assert.deepEqual(sealWith(cipher, key, nonce, plaintext), sealed);
        assert.deepEqual(openWith(cipher, key, nonce, sealed), plaintext);
      }
    });

    it('encrypts the sunscreen of RFC 8439 §2.8.2 (whose tag has associated data, which age has not)', () => {
      const sealed = sealWith(
        cipher,
        Uint8Array.from({ length: 32 }, (_, index) => 0x80 + index),
        hexToBytes('0x070000004041424344454647'),
        utf8ToBytes(
          "Ladies and Gentlemen of the class of '99: If I could offer you " +
            'only one tip for the future, sunscreen would be it.',
        ),
      );
      assert.equal(
        bytesToHex(sealed.subarray(0, -16)),
        '0xd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6' +
          '3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36' +
          '92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc' +
          '3ff4def08e4b7a9de576d26586cec64b6116',
      );
    });

    it('opens what it sealed, at every length to three blocks and at a whole chunk', () => {
      const key = new Uint8Array(32).fill(1);
      const nonce = new Uint8Array(12).fill(2);
      for (const length of [...Array(193).keys(), 65_536]) {
        const plaintext = Uint8Array.from({ length }, (_, index) => index);
        const sealed = sealWith(cipher, key, nonce, plaintext);
        assert.equal(sealed.length, length + 16);
        const opened = openWith(cipher, key, nonce, sealed);
        assert.deepEqual(opened, plaintext);
      }
    });

    it('refuses every changed bit, a shorter or longer ciphertext, another key or nonce', () => {
      const key = new Uint8Array(32).fill(1);
      const nonce = new Uint8Array(12).fill(2);
      const sealed = sealWith(cipher, key, nonce, utf8ToBytes('a record'));
      const refused = (k: Uint8Array, n: Uint8Array, c: Uint8Array): void => {
        assert.throws(() => openWith(cipher, k, n, c), { code: 'SEAL_UNREADABLE' });
      };
      for (let bit = 0; bit < sealed.length * 8; bit++) refused(key, nonce, flip(sealed, bit));
      for (let length = 16; length < sealed.length; length++) {
        refused(key, nonce, sealed.subarray(0, length));
      }
      refused(key, nonce, concatBytes(sealed, Uint8Array.of(0)));
      refused(key, nonce, concatBytes(Uint8Array.of(0), sealed));
      refused(flip(key, 3), nonce, sealed);
      refused(key, flip(nonce, 3), sealed);
    });

    it('puts nothing of the plaintext into its output where the tag does not hold', () => {
      const key = new Uint8Array(32).fill(1);
      const nonce = new Uint8Array(12).fill(2);
      const sealed = sealWith(cipher, key, nonce, utf8ToBytes('a record'));
      const output = new Uint8Array(8);
      assert.throws(() => cipher.under(key).open(nonce, flip(sealed, 100), output));
      assert.deepEqual(output, new Uint8Array(8));
    });

    it('leaves what it was given as it was', () => {
      fc.assert(
        fc.property(keys, nonces, fc.uint8Array({ maxLength: 200 }), (key, nonce, plaintext) => {
          const before = [key, nonce, plaintext].map(bytesToHex);
          const sealed = sealWith(cipher, key, nonce, plaintext);
          const copy = sealed.slice();
          assert.deepEqual(openWith(cipher, key, nonce, sealed), plaintext);
          assert.deepEqual(sealed, copy);
          assert.deepEqual([key, nonce, plaintext].map(bytesToHex), before);
        }),
      );
    });
  });
}

/**
 * That two implementations of `PayloadCipher` write the same bytes.
 *
 * @param left - The one.
 * @param right - The other.
 */
export function assertSameCipher(left: PayloadCipher, right: PayloadCipher): void {
  fc.assert(
    fc.property(keys, nonces, fc.uint8Array({ maxLength: 500 }), (key, nonce, plaintext) => {
      const sealed = sealWith(left, key, nonce, plaintext);
      assert.deepEqual(sealed, sealWith(right, key, nonce, plaintext));
      assert.deepEqual(openWith(right, key, nonce, sealed), plaintext);
    }),
    { numRuns: 300 },
  );
}

function sealWith(
  cipher: PayloadCipher,
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  const output = new Uint8Array(plaintext.length + TAG_LENGTH);
  cipher.under(key).seal(nonce, plaintext, output);
  return output;
}

function openWith(
  cipher: PayloadCipher,
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array {
  const output = new Uint8Array(ciphertext.length - TAG_LENGTH);
  cipher.under(key).open(nonce, ciphertext, output);
  return output;
}

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const at = bit >> 3;
  return bytes.with(at, (bytes[at] ?? 0) ^ (1 << (bit & 7)));
}
