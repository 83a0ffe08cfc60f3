import { Stanza, type Identity, type Recipient } from 'age-encryption';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64nopad } from '@scure/base';
import { concatBytes, utf8ToBytes } from '../bytes.ts';
import type { HybridKem } from './HybridKem.ts';

/**
 * age's `mlkem768x25519` stanzas over a key encapsulation of our own choice: the library has its own built in, and
 * takes others only as whole recipients and identities. Same bytes, as a test shows both ways.
 */

const TYPE = 'mlkem768x25519';
const ENCAPSULATED = 1_120;
const WRAPPED = 32;

/**
 * A recipient that wraps file keys with the given encapsulation (C2SP age, "mlkem768x25519 recipient stanza").
 *
 * @param kem - The encapsulation.
 * @param publicKey - 1,216 bytes.
 */
export function hybridRecipient(kem: HybridKem, publicKey: Uint8Array): Recipient {
  return {
    wrapFileKey(fileKey) {
      const { encapsulated, secret } = kem.encapsulate(publicKey);
      const body = wrapper(secret).encrypt(fileKey);
      return [new Stanza([TYPE, base64nopad.encode(encapsulated)], body)];
    },
  };
}

/**
 * An identity that unwraps file keys with the given encapsulation.
 *
 * @param kem - The encapsulation.
 * @param seed - 32 bytes.
 */
export function hybridIdentity(kem: HybridKem, seed: Uint8Array): Identity {
  const decapsulate = kem.expand?.(seed) ?? ((encapsulated) => kem.decapsulate(seed, encapsulated));
  return {
    unwrapFileKey(stanzas) {
      for (const { args, body } of stanzas) {
        const [type, share, ...more] = args;
        if (type !== TYPE) continue;
        const encapsulated = base64nopad.decode(share ?? '');
        if (encapsulated.length !== ENCAPSULATED || body.length !== WRAPPED || more.length > 0) {
          throw new Error('not a stanza of its type');
        }
        const fileKey = decrypted(wrapper(decapsulate(encapsulated)), body);
        if (fileKey !== null) return fileKey;
      }
      return null;
    },
  };
}

type Wrapper = ReturnType<typeof chacha20poly1305>;

function decrypted(cipher: Wrapper, body: Uint8Array): Uint8Array | null {
  try {
    return cipher.decrypt(body);
  } catch {
    return null;
  }
}

/** HPKE's suite (RFC 9180 §5.1): X-Wing, HKDF-SHA256, ChaCha20-Poly1305. */
const SUITE = concatBytes(utf8ToBytes('HPKE'), Uint8Array.of(0x64, 0x7a, 0x00, 0x01, 0x00, 0x03));
const NOTHING = new Uint8Array();
/** HPKE's key schedule context in base mode: only the info is age's own. */
const CONTEXT = concatBytes(
  Uint8Array.of(0x00),
  labeledExtract(undefined, 'psk_id_hash', NOTHING),
  labeledExtract(undefined, 'info_hash', utf8ToBytes('age-encryption.org/mlkem768x25519')),
);

/** The first and only message of an HPKE context (RFC 9180 §5.1). */
function wrapper(sharedSecret: Uint8Array): Wrapper {
  const secret = labeledExtract(sharedSecret, 'secret', NOTHING);
  return chacha20poly1305(
    labeledExpand(secret, 'key', 32),
    labeledExpand(secret, 'base_nonce', 12),
  );
}

/** RFC 9180 §4, LabeledExtract. */
function labeledExtract(
  salt: Uint8Array | undefined,
  label: string,
  keyMaterial: Uint8Array,
): Uint8Array {
  const labeled = concatBytes(utf8ToBytes('HPKE-v1'), SUITE, utf8ToBytes(label), keyMaterial);
  return extract(sha256, labeled, salt);
}

/** RFC 9180 §4, LabeledExpand. */
function labeledExpand(secret: Uint8Array, label: string, length: number): Uint8Array {
  const labeled = concatBytes(
    Uint8Array.of(0, length),
    utf8ToBytes('HPKE-v1'),
    SUITE,
    utf8ToBytes(label),
    CONTEXT,
  );
  return expand(sha256, secret, labeled, length);
}
