import assert from 'node:assert/strict';
import { createCipheriv, createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { nativeCipher } from '../native/nativeCipher.ts';
import { encryptBodies } from './encryptBodies.ts';
import { number } from './keys.ts';
import { countingRandom } from './test/sampleLog.ts';

const storageKey = new Uint8Array(32).fill(7);
const body = utf8ToBytes('{"at":1}');

function unreadable(error: unknown): boolean {
  return isMedsealError(error, 'SEAL_UNREADABLE');
}

describe('encryption of bodies', () => {
  const bodies = encryptBodies({ storageKey, random: countingRandom() });

  it('is ChaCha20-Poly1305 under a key of HKDF-Expand, as OpenSSL computes them', () => {
    const { secret, sealed } = bodies.seal(9, body);
    const info = Buffer.concat([utf8ToBytes('medseal/1/body'), number(9), secret, Buffer.of(1)]);
    const key = createHmac('sha256', storageKey).update(info).digest();
    const cipher = createCipheriv('chacha20-poly1305', key, Buffer.alloc(12), {
      authTagLength: 16,
    });
    const expected = Buffer.concat([cipher.update(body), cipher.final(), cipher.getAuthTag()]);
    assert.equal(bytesToHex(sealed), bytesToHex(expected));
  });

  it('gives the same bytes with the native cipher', () => {
    const native = encryptBodies({ storageKey, random: countingRandom(), cipher: nativeCipher });
    const portable = encryptBodies({ storageKey, random: countingRandom() });
    const encrypted = native.seal(3, body);
    assert.deepEqual(portable.seal(3, body), encrypted);
    assert.deepEqual(native.open(3, encrypted), body);
    assert.deepEqual(portable.open(3, encrypted), body);
  });

  it('uses a key of its own for every body', () => {
    assert.notDeepEqual(bodies.seal(0, body).sealed, bodies.seal(0, body).sealed);
  });

  it('opens nothing with another place, secret, storage key, or of other bytes', () => {
    const { secret, sealed } = bodies.seal(1, body);
    assert.deepEqual(bodies.open(1, { secret, sealed }), body);
    const other = encryptBodies({ storageKey: new Uint8Array(32), random: countingRandom() });
    assert.throws(() => bodies.open(2, { secret, sealed }), unreadable);
    assert.throws(() => bodies.open(1, { secret: secret.toReversed(), sealed }), unreadable);
    assert.throws(() => other.open(1, { secret, sealed }), unreadable);
    for (let i = 0; i < sealed.length; i++) {
      const damaged = sealed.with(i, (sealed[i] ?? 0) ^ 1);
      assert.throws(() => bodies.open(1, { secret, sealed: damaged }), unreadable);
      assert.throws(() => bodies.open(1, { secret, sealed: sealed.slice(0, i) }), unreadable);
    }
  });

  it('tells storage keys apart without telling them', () => {
    const other = encryptBodies({ storageKey: new Uint8Array(32), random: countingRandom() });
    assert.notEqual(other.fingerprint, bodies.fingerprint);
    assert.equal(bodies.fingerprint.includes('0707'), false);
  });

  it('refuses a storage key that is not 32 bytes', () => {
    const random = countingRandom();
    for (const length of [0, 16, 31, 33]) {
      assert.throws(
        () => encryptBodies({ storageKey: new Uint8Array(length), random }),
        (error) => isMedsealError(error, 'SEED_MALFORMED'),
      );
    }
  });
});
