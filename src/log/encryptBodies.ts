import { expand } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '../crypto/bytes.ts';
import type { Random } from '../crypto/Random.ts';
import { TAG_LENGTH, type PayloadCipher } from '../crypto/sealing/PayloadCipher.ts';
import { portableCipher } from '../crypto/sealing/portableCipher.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { number } from './keys.ts';

const BODY = utf8ToBytes('medseal/1/body');
const FINGERPRINT = utf8ToBytes('medseal/1/body-store');
/** Every body has a key of its own, so no nonce is used twice with a key. */
const NONCE = new Uint8Array(12);

/** A body at rest: it opens with its own secret and the log's storage key together. */
export interface EncryptedBody {
  /** 32 random bytes; who destroys them has destroyed the body. */
  readonly secret: Uint8Array;
  /** The ciphertext and its tag. */
  readonly sealed: Uint8Array;
}

/** How a log keeps bodies at rest. */
export interface BodyEncryption {
  /** Tells one storage key from another, and nothing else. */
  readonly fingerprint: Bytes32;
  /** Encrypts the body of an entry. */
  seal(index: number, body: Uint8Array): EncryptedBody;
  /**
   * Decrypts the body of an entry.
   * @throws MedsealError `SEAL_UNREADABLE` where it is not the body that was encrypted for this entry.
   */
  open(index: number, body: EncryptedBody): Uint8Array;
}

/**
 * Encrypts bodies, each under a key of its own, so that they can be erased one by one: ChaCha20-Poly1305 (RFC 8439)
 * under HKDF-Expand (RFC 5869 §2.3) of the storage key with the label, the place of the entry and the body's secret.
 *
 * @param options.storageKey - 32 bytes, uniformly random, kept apart from the log's database.
 * @param options.random - For secrets.
 * @param options.cipher - The portable one where absent; `nativeCipher` gives the same bytes faster.
 * @throws MedsealError `SEED_MALFORMED` where the storage key is of another length.
 */
export function encryptBodies(options: {
  readonly storageKey: Uint8Array;
  readonly random: Random;
  readonly cipher?: PayloadCipher;
}): BodyEncryption {
  const { storageKey, random, cipher = portableCipher } = options;
  if (storageKey.length !== 32) throw new MedsealError('SEED_MALFORMED', {});
  const keyOf = (index: number, secret: Uint8Array): Uint8Array =>
    expand(sha256, storageKey, concatBytes(BODY, number(index), secret), 32);
  return {
    fingerprint: bytesToHex(expand(sha256, storageKey, FINGERPRINT, 32)),

    seal(index, body) {
      const secret = random(32);
      const sealed = new Uint8Array(body.length + TAG_LENGTH);
      cipher.seal(keyOf(index, secret), NONCE, body, sealed);
      return { secret, sealed };
    },

    open(index, { secret, sealed }) {
      if (sealed.length < TAG_LENGTH) throw new MedsealError('SEAL_UNREADABLE', {});
      const body = new Uint8Array(sealed.length - TAG_LENGTH);
      cipher.open(keyOf(index, secret), NONCE, sealed, body);
      return body;
    },
  };
}
