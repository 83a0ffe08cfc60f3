import assert from 'node:assert/strict';
import { createCipheriv, createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { encryptBodies, type BodyEncryption } from './encryptBodies.ts';
import { number } from './keys.ts';
import { countingRandom } from './test/sampleLog.ts';

const body = utf8ToBytes(
  '{"at":1,"and":"more than one block of the cipher, which is of 64 bytes"}',
);
const entry = primitives.sha256(body);

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
    const info = Buffer.concat([utf8ToBytes('medseal/1/body'), number(9), secret, Buffer.of(1)]);
    const key = createHmac('sha256', new Uint8Array(32).fill(7)).update(info).digest();
    // OpenSSL takes the block counter of RFC 8439 and the nonce as one.
    const cipher = createCipheriv('chacha20', key, Buffer.alloc(16));
    const expected = Buffer.concat([secret, cipher.update(body), cipher.final()]);
    assert.equal(bytesToHex(sealed), bytesToHex(expected));
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
