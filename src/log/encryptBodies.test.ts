import assert from 'node:assert/strict';
import { createCipheriv, createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { u64 } from '../crypto/u64.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { encryptBodies, type BodyEncryption } from './encryptBodies.ts';
import { countingRandom } from './test/sampleLog.ts';

const body = utf8ToBytes(
  '{"at":1,"and":"more than one block of the cipher, which is of 64 bytes"}',
);
const entry = primitives.sha256(body);

/** Computed by another program, in Python. */
const GOLDEN = '0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1d3ec9bcc8b3b5a';

function evenBytes(length: number): Uint8Array {
  return new Uint8Array(length).fill(0xaa);
}

function encryption(fill = 7): BodyEncryption {
  const storageKey = new Uint8Array(32).fill(fill);
  return encryptBodies({ storageKey, random: countingRandom(), primitives });
}

function unreadable(error: unknown): boolean {
  return isMedsealError(error, 'SEAL_UNREADABLE');
}

describe('encryption of bodies', () => {
  const bodies = encryption();

  it('is ChaCha20 under a key of HKDF-Expand, as OpenSSL computes them', () => {
    const sealed = bodies.seal(9, body);
    const secret = sealed.subarray(0, 32);
    const info = Buffer.concat([utf8ToBytes('medseal/1/body'), u64(9), secret, Buffer.of(1)]);
    const key = createHmac('sha256', new Uint8Array(32).fill(7)).update(info).digest();
    // OpenSSL takes the block counter of RFC 8439 and the nonce as one.
    const cipher = createCipheriv('chacha20', key, Buffer.alloc(16));
    const expected = Buffer.concat([secret, cipher.update(body), cipher.final()]);
    assert.equal(bytesToHex(sealed), bytesToHex(expected));
  });

  it('opens whatever was sealed, at its place alone, and gives back exactly that', () => {
    const inputs = fc.record({
      storageKey: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      secret: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      index: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      other: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      // So long that no other key gives it back by chance.
      content: fc.uint8Array({ minLength: 32, maxLength: 300 }),
      flipped: fc.nat(),
    });
    fc.assert(
      fc.property(inputs, ({ storageKey, secret, index, other, content, flipped }) => {
        const encrypted = encryptBodies({ storageKey, random: () => secret, primitives });
        const of = primitives.sha256(content);
        const sealed = encrypted.seal(index, content);
        assert.equal(sealed.length, 32 + content.length);
        assert.deepEqual(encrypted.open(index, sealed, of), content);
        assert.deepEqual(encrypted.seal(index, content), sealed, 'nothing else goes into it');
        if (other !== index) assert.throws(() => encrypted.open(other, sealed, of), unreadable);
        const at = flipped % sealed.length;
        const damaged = sealed.with(at, (sealed[at] ?? 0) ^ 1);
        assert.throws(() => encrypted.open(index, damaged, of), unreadable);
        // Without its secret, which is what is erased, nothing is left to open.
        const erased = new Uint8Array(sealed.length);
        erased.set(sealed.subarray(32), 32);
        if (secret.some((byte) => byte !== 0)) {
          assert.throws(() => encrypted.open(index, erased, of), unreadable);
        }
      }),
    );
  });

  it('writes the same bytes for ever', () => {
    const storageKey = Uint8Array.from({ length: 32 }, (_, at) => at);
    const sealed = encryptBodies({ storageKey, random: evenBytes, primitives }).seal(
      2 ** 40 + 7,
      utf8ToBytes('{"at":1}'),
    );
    assert.equal(bytesToHex(sealed), GOLDEN);
  });

  it('opens nothing that is too short to be a body, or whose entry has another length', () => {
    for (const length of [0, 1, 31]) {
      assert.throws(() => bodies.open(0, new Uint8Array(length), entry), unreadable);
    }
    const sealed = bodies.seal(0, body);
    for (const other of [new Uint8Array(0), entry.subarray(1), new Uint8Array(33)]) {
      assert.throws(() => bodies.open(0, sealed, other), unreadable);
    }
  });

  it('uses a key of its own for every body', () => {
    assert.notDeepEqual(bodies.seal(0, body).subarray(32), bodies.seal(0, body).subarray(32));
  });

  it('opens nothing with another place, storage key, entry, or of other bytes', () => {
    const sealed = bodies.seal(1, body);
    assert.deepEqual(bodies.open(1, sealed, entry), body);
    assert.throws(() => bodies.open(2, sealed, entry), unreadable);
    assert.throws(() => encryption(0).open(1, sealed, entry), unreadable);
    assert.throws(() => bodies.open(1, sealed, entry.toReversed()), unreadable);
    for (let i = 0; i < sealed.length; i++) {
      const damaged = sealed.with(i, (sealed[i] ?? 0) ^ 1);
      assert.throws(() => bodies.open(1, damaged, entry), unreadable);
      assert.throws(() => bodies.open(1, sealed.slice(0, i), entry), unreadable);
    }
  });

  it('tells storage keys apart without telling them', () => {
    assert.notEqual(encryption(0).fingerprint, bodies.fingerprint);
    assert.equal(bodies.fingerprint.includes('0707'), false);
  });

  it('refuses a storage key that is not 32 bytes', () => {
    const random = countingRandom();
    for (const length of [0, 16, 31, 33]) {
      assert.throws(
        () => encryptBodies({ storageKey: new Uint8Array(length), random, primitives }),
        (error) => isMedsealError(error, 'SEED_MALFORMED'),
      );
    }
  });
});
