import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from './bytes.ts';
import type { Primitives } from './Primitives.ts';

/** Order of secp256k1 (SEC 2 §2.4.1). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** SHA-256: FIPS 180-4 and its examples by NIST. */
const SHA256 = [
  ['', '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', '0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '0x248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  ['a'.repeat(1_000_000), '0xcdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
] as const;

/** Keccak-256, the last two as Solidity knows them: the event and the selector of an ERC-20 transfer. */
const KECCAK256 = [
  ['', '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
  ['abc', '0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
  [
    'Transfer(address,address,uint256)',
    '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
  ],
  [
    'transfer(address,uint256)',
    '0xa9059cbb2ab09eb219583f4a59a5d0623ade346d962bcd4e46b11da047c9049b',
  ],
] as const;

/** RFC 6979 over secp256k1 with SHA-256, the vectors that Bitcoin's libraries share: secret, message, r ‖ s. */
const RFC6979 = [
  [
    '0x0000000000000000000000000000000000000000000000000000000000000001',
    'Satoshi Nakamoto',
    '0x934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d82442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5',
  ],
  [
    '0x0000000000000000000000000000000000000000000000000000000000000001',
    'All those moments will be lost in time, like tears in rain. Time to die...',
    '0x8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21',
  ],
  [
    '0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140',
    'Satoshi Nakamoto',
    '0xfd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d06b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5',
  ],
  [
    '0xf8b8af8ce3c7cca5e300d33939540c10d45ce001b8f252bfbc57ba0342904181',
    'Alan Turing',
    '0x7063ae83e7f62bbb171798131b4a0564b956930092b33b07b395615d9ec7e15c58dfcc1e00a35e1572f366ffe34ba0fc47db1e7189759b9fb233c5b05ab388ea',
  ],
] as const;

/** Digest of the message of most of Wycheproof's tests: `123400`. */
const DIGEST = '0xbb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023';

/** Wycheproof, ECDSA over secp256k1 with SHA-256 and low s, edge cases: what is special, digest, r ‖ s, key. */
const WYCHEPROOF = [
  [
    "an edge of Shamir's multiplication",
    '0xb78f33ca6d031315ab4c29b4429e6e8f8978517d49192c90fb2266bea6842918',
    '0xdd1b7d09a7bd8218961034a39a87fecf5314f00c4d25eb58a07ac85e85eab51635138c401ef8d3493d65c9002fe62b43aee568731b744548358996d9cc427e06',
    '0x04b838ff44e5bc177bf21189d0766082fc9d843226887fc9760371100b7ee20a6ff0c9d75bfba7b31a6bca1974496eeb56de357071955d83c4b1badaa0b21832e9',
  ],
  [
    'r and the inverse of s close to the order',
    DIGEST,
    '0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd03640c155555555555555555555555555555554e8e4f44ce51835693ff0ca2ef01215c0',
    '0x04b7291d1404e0c0c07dab9372189f4bd58d2ceaa8d15ede544d9514545ba9ee0629c9a63d5e308769cc30ec276a410e6464a27eeafd9e599db10f053a4fe4a829',
  ],
  [
    'r and s of 64 bits',
    DIGEST,
    '0x0000000000000000000000000000000000000000000000009c44febf31c3594d000000000000000000000000000000000000000000000000839ed28247c2b06b',
    '0x046e28303305d642ccb923b722ea86b2a0bc8e3735ecb26e849b19c9f76b2fdbb8186e80d64d8cab164f5238f5318461bf89d4d96ee6544c816c7566947774e0f6',
  ],
  [
    's of 1',
    DIGEST,
    '0x55555555555555555555555555555554e8e4f44ce51835693ff0ca2ef01215c10000000000000000000000000000000000000000000000000000000000000001',
    '0x04bb79f61857f743bfa1b6e7111ce4094377256969e4e15159123d9548acc3be6c1f9d9f8860dcffd3eb36dd6c31ff2e7226c2009c4c94d8d7d2b5686bf7abd677',
  ],
  [
    'the greatest low s',
    DIGEST,
    '0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a07fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0',
    '0x043a3150798c8af69d1e6e981f3a45402ba1d732f4be8330c5164f49e10ec555b4221bd842bc5e4d97eff37165f60e3998a424d72a450cf95ea477c78287d0343a',
  ],
  [
    'u1 of 1',
    DIGEST,
    '0x55555555555555555555555555555554e8e4f44ce51835693ff0ca2ef01215b844a5ad0bd0636d9e12bc9e0a6bdd5e1bba77f523842193b3b82e448e05d5f11e',
    '0x04feb5163b0ece30ff3e03c7d55c4380fa2fa81ee2c0354942ff6f08c99d0cd82ce87de05ee1bda089d3e4e248fa0f721102acfffdf50e654be281433999df897e',
  ],
  [
    'u2 of 1',
    DIGEST,
    '0x55555555555555555555555555555554e8e4f44ce51835693ff0ca2ef01215b855555555555555555555555555555554e8e4f44ce51835693ff0ca2ef01215b8',
    '0x04961cf64817c06c0e51b3c2736c922fde18bd8c4906fcd7f5ef66c4678508f35ed2c5d18168cfbe70f2f123bd7419232bb92dd69113e2941061889481c5a027bf',
  ],
  [
    'a point that is doubled',
    DIGEST,
    '0x32b0d10d8d0e04bc8d4d064d270699e87cffc9b49c5c20730e1c26f6105ddcda29ed3d67b3d505be95580d77d5b792b436881179b2b6b2e04c5fe592d38d82d9',
    '0x042ea7133432339c69d27f9b267281bd2ddd5f19d6338d400a05cd3647b157a3853547808298448edb5e701ade84cd5fb1ac9567ba5e8fb68a6b933ec4b5cc84cc',
  ],
] as const;

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const secrets = fc
  .bigInt({ min: 1n, max: ORDER - 1n })
  .map((scalar) => hexToBytes(`0x${scalar.toString(16).padStart(64, '0')}`));

/**
 * Tests for every implementation of `Primitives`.
 *
 * @param name - The implementation.
 * @param create - Makes it.
 */
export function primitivesCases(
  name: string,
  create: () => Primitives | Promise<Primitives>,
): void {
  describe(`${name}: hashes`, async () => {
    const primitives = await create();

    it('give the published SHA-256 digests', () => {
      for (const [text, digest] of SHA256) {
        assert.equal(bytesToHex(primitives.sha256(utf8ToBytes(text))), digest);
      }
    });

    it('give the published Keccak-256 digests', () => {
      for (const [text, digest] of KECCAK256) {
        assert.equal(bytesToHex(primitives.keccak256(utf8ToBytes(text))), digest);
      }
    });

    it('hash a part of a larger buffer, and neither change nor share it', () => {
      const buffer = utf8ToBytes('…abc…');
      const part = buffer.subarray(3, 6);
      for (const name of ['sha256', 'keccak256'] as const) {
        const hash = (data: Uint8Array): Uint8Array => primitives[name](data);
        const digest = hash(part);
        assert.deepEqual(digest, hash(utf8ToBytes('abc')));
        assert.equal(Object.getPrototypeOf(digest), Uint8Array.prototype);
        digest.fill(0);
        assert.notDeepEqual(hash(part), digest);
      }
      assert.deepEqual(buffer, utf8ToBytes('…abc…'));
    });
  });

  describe(`${name}: secp256k1`, async () => {
    const primitives = await create();
    const digest = primitives.sha256(utf8ToBytes('digest'));
    const secret = hexToBytes(RFC6979[3][0]);
    const signature = primitives.sign(digest, secret);

    it('gives the generator for the secret 1', () => {
      assert.equal(
        bytesToHex(primitives.publicKey(hexToBytes(`0x${'00'.repeat(31)}01`))),
        '0x0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798' +
          '483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8',
      );
    });

    it('signs as RFC 6979 says', () => {
      for (const [key, message, expected] of RFC6979) {
        const made = primitives.sign(primitives.sha256(utf8ToBytes(message)), hexToBytes(key));
        assert.equal(bytesToHex(made.subarray(0, 64)), expected);
      }
    });

    it('signs and recovers as Ethereum does (example of the web3.js documentation)', () => {
      const key = hexToBytes('0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318');
      const hash = hexToBytes('0x1da44b586eb0729ff70a73c326926f6ed5a25f5b056e7f47fbc6e58d86871655');
      const expected =
        '0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd' +
        '6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c';
      assert.equal(bytesToHex(primitives.sign(hash, key)), expected);
      assert.deepEqual(primitives.recover(hash, hexToBytes(expected)), primitives.publicKey(key));
    });

    it('recovers the key of every signature that it makes, whose s is low', () => {
      fc.assert(
        fc.property(bytes32, secrets, (message, key) => {
          const made = primitives.sign(message, key);
          assert.equal(made.length, 65);
          assert.ok(sOf(made) <= ORDER / 2n);
          assert.deepEqual(primitives.recover(message, made), primitives.publicKey(key));
        }),
        { numRuns: 25 },
      );
    });

    for (const [what, hash, rs, key] of WYCHEPROOF) {
      it(`recovers the key where the signature has ${what}`, () => {
        const recovered = [27, 28].map((v) =>
          bytesToHex(
            primitives.recover(hexToBytes(hash), concatBytes(hexToBytes(rs), Uint8Array.of(v))),
          ),
        );
        assert.ok(recovered.includes(key));
      });
    }

    it('gives byte strings that nobody else holds', () => {
      for (const made of [
        primitives.publicKey(secret),
        signature,
        primitives.recover(digest, signature),
      ]) {
        assert.equal(Object.getPrototypeOf(made), Uint8Array.prototype);
        assert.equal(made.length, 65);
      }
    });

    it('does not recover the key from a signature with a changed bit', () => {
      const key = primitives.publicKey(secret);
      for (let bit = 0; bit < 65 * 8; bit += 7) {
        const changed = signature.slice();
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        let recovered: Uint8Array | undefined;
        try {
          recovered = primitives.recover(digest, changed);
        } catch (error) {
          assert.equal((error as { code: string }).code, 'SIGNATURE_INVALID');
        }
        assert.notDeepEqual(recovered, key);
      }
    });

    const r = signature.subarray(0, 32);
    const s = signature.subarray(32, 64);
    const v = signature.subarray(64);
    const highS = word(ORDER - sOf(signature));
    const otherV = Uint8Array.of(55 - (v[0] ?? 0));
    const refused: Record<string, [Uint8Array, Uint8Array]> = {
      'a high s with the v that fits it': [digest, concatBytes(r, highS, otherV)],
      'the least high s': [digest, concatBytes(r, word(ORDER / 2n + 1n), v)],
      'an s of 0': [digest, concatBytes(r, word(0n), v)],
      'an r of 0': [digest, concatBytes(word(0n), s, v)],
      'an r of the order': [digest, concatBytes(word(ORDER), s, v)],
      'an r over the order': [digest, concatBytes(word(2n ** 256n - 1n), s, v)],
      'an s of the order': [digest, concatBytes(r, word(ORDER), v)],
      'an r that is not a point': [digest, concatBytes(word(5n), s, v)],
      'a v of 0': [digest, concatBytes(r, s, Uint8Array.of(0))],
      'a v of 1': [digest, concatBytes(r, s, Uint8Array.of(1))],
      'a v of 26': [digest, concatBytes(r, s, Uint8Array.of(26))],
      'a v of 29': [digest, concatBytes(r, s, Uint8Array.of(29))],
      'a v of 37 (EIP-155)': [digest, concatBytes(r, s, Uint8Array.of(37))],
      'no bytes': [digest, new Uint8Array()],
      '64 bytes (EIP-2098)': [digest, concatBytes(r, s)],
      '66 bytes': [digest, concatBytes(signature, v)],
      zeros: [digest, new Uint8Array(65)],
      'a digest of 31 bytes': [digest.subarray(1), signature],
      'a digest of 33 bytes': [concatBytes(digest, v), signature],
    };
    for (const [what, [hash, wrong]] of Object.entries(refused)) {
      it(`refuses ${what} as a signature`, () => {
        assert.throws(() => primitives.recover(hash, wrong), { code: 'SIGNATURE_INVALID' });
      });
    }

    const notScalars: Record<string, Uint8Array> = {
      'no bytes': new Uint8Array(),
      '31 bytes': secret.subarray(1),
      '33 bytes': concatBytes(v, secret),
      zero: word(0n),
      'the order': word(ORDER),
      'what is over the order': word(2n ** 256n - 1n),
    };
    for (const [what, wrong] of Object.entries(notScalars)) {
      it(`refuses ${what} as a secret`, () => {
        assert.throws(() => primitives.publicKey(wrong), { code: 'SEED_MALFORMED' });
        assert.throws(() => primitives.sign(digest, wrong), { code: 'SEED_MALFORMED' });
      });
    }

    it('signs nothing but digests', () => {
      for (const wrong of [new Uint8Array(), new Uint8Array(31), new Uint8Array(33)]) {
        assert.throws(() => primitives.sign(wrong, secret), { code: 'REQUEST_MALFORMED' });
      }
    });
  });
}

/**
 * That two implementations of `Primitives` do the same.
 *
 * @param left - The one.
 * @param right - The other.
 */
export function assertSamePrimitives(left: Primitives, right: Primitives): void {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
      assert.deepEqual(left.sha256(data), right.sha256(data));
      assert.deepEqual(left.keccak256(data), right.keccak256(data));
    }),
    { numRuns: 200 },
  );
  fc.assert(
    fc.property(bytes32, secrets, (digest, secret) => {
      const signature = left.sign(digest, secret);
      assert.deepEqual(left.publicKey(secret), right.publicKey(secret));
      assert.deepEqual(signature, right.sign(digest, secret));
      assert.deepEqual(left.recover(digest, signature), right.recover(digest, signature));
    }),
    { numRuns: 25 },
  );
  const form = fc.tuple(bytes32, bytes32, fc.constantFrom(27, 28, 29));
  fc.assert(
    fc.property(bytes32, form, (digest, [r, s, v]) => {
      const signature = concatBytes(r, s, Uint8Array.of(v));
      assert.equal(outcome(left, digest, signature), outcome(right, digest, signature));
    }),
    { numRuns: 100 },
  );
}

function outcome(primitives: Primitives, digest: Uint8Array, signature: Uint8Array): string {
  try {
    return bytesToHex(primitives.recover(digest, signature));
  } catch (error) {
    return (error as { code: string }).code;
  }
}

function sOf(signature: Uint8Array): bigint {
  return BigInt(bytesToHex(signature.subarray(32, 64)));
}

function word(value: bigint): Uint8Array {
  return hexToBytes(`0x${value.toString(16).padStart(64, '0')}`);
}
