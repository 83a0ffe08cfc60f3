import { chacha20 } from '@noble/ciphers/chacha.js';
import { expand } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { pooledBytes } from '../crypto/pooledBytes.ts';
import { bytesToHex, concatBytes, equalBytes, utf8ToBytes } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { Random } from '../crypto/Random.ts';
import { writeU64 } from '../crypto/u64.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Bytes32 } from '../protocol/ids.ts';

const BODY = utf8ToBytes('medseal/1/body');
const FINGERPRINT = utf8ToBytes('medseal/1/body-store');
/** Every body has a key of its own, so no nonce is used twice with a key. */
const NONCE = new Uint8Array(12);
const SECRET = 32;

/** Encryption of a log's bodies at rest. */
export interface BodyEncryption {
  /** Tells one storage key from another, and nothing else. */
  readonly fingerprint: Bytes32;
  /**
   * Encrypts the body of an entry.
   * @returns 32 random bytes, and the ciphertext, to be written soon (`pooledBytes`). Destroying the former destroys
   * the body.
   */
  seal(index: number, body: Uint8Array): Uint8Array;
  /**
   * Decrypts the body of an entry.
   * @param entry - SHA-256 of the body, which nothing else can have.
   * @throws MedsealError `SEAL_UNREADABLE` if it is not the body that was encrypted for this entry.
   */
  open(index: number, sealed: Uint8Array, entry: Uint8Array): Uint8Array;
}

/**
 * Encrypts bodies, each under a key of its own, so that they can be erased one by one: ChaCha20 (RFC 8439 §2.4) under
 * HKDF-Expand (RFC 5869 §2.3) of the storage key with the label, the place of the entry and the body's secret. The
 * entry, which is the hash of the body, proves that the opened body is the one that was encrypted.
 *
 * @param options.storageKey - 32 bytes, uniformly random, kept apart from the log's database.
 * @param options.random - For secrets.
 * @param options.primitives - SHA-256.
 * @throws MedsealError `SEED_MALFORMED` if the storage key is of another length.
 */
export function encryptBodies(options: {
  readonly storageKey: Uint8Array;
  readonly random: Random;
  readonly primitives: Pick<Primitives, 'sha256'>;
}): BodyEncryption {
  const { storageKey, random, primitives } = options;
  if (storageKey.length !== 32) throw new MedsealError('SEED_MALFORMED', {});
  const keyOf = keyDerivation(storageKey, primitives);
  return {
    fingerprint: bytesToHex(expand(sha256, storageKey, FINGERPRINT, 32)),

    seal(index, body) {
      const sealed = pooledBytes(SECRET + body.length);
      const secret = random(SECRET);
      sealed.set(secret);
      chacha20(keyOf(index, secret), NONCE, body, sealed.subarray(SECRET));
      return sealed;
    },

    open(index, sealed, entry) {
      if (sealed.length < SECRET) throw new MedsealError('SEAL_UNREADABLE', {});
      const key = keyOf(index, sealed.subarray(0, SECRET));
      const body = chacha20(key, NONCE, sealed.subarray(SECRET));
      if (equalBytes(primitives.sha256(body), entry)) return body;
      throw new MedsealError('SEAL_UNREADABLE', {});
    },
  };
}

/**
 * HKDF-Expand to 32 bytes, which is one HMAC (RFC 2104): T(1) = HMAC(key, label ‖ place ‖ secret ‖ 1). The fixed parts
 * stand ready, and HMAC's two hashes are the fast ones.
 */
function keyDerivation(
  key: Uint8Array,
  primitives: Pick<Primitives, 'sha256'>,
): (index: number, secret: Uint8Array) => Uint8Array {
  const pad = (byte: number): Uint8Array => {
    const block = new Uint8Array(64).fill(byte);
    for (const [place, part] of key.entries()) block[place] = part ^ byte;
    return block;
  };
  const inner = concatBytes(pad(0x36), BODY, new Uint8Array(8 + SECRET), Uint8Array.of(1));
  const outer = concatBytes(pad(0x5c), new Uint8Array(32));
  const at = 64 + BODY.length;
  return (index, secret) => {
    writeU64(inner, at, index);
    inner.set(secret, at + 8);
    outer.set(primitives.sha256(inner), 64);
    return primitives.sha256(outer);
  };
}
