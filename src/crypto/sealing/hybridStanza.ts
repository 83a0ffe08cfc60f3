import { Stanza, type Identity, type Recipient } from 'age-encryption';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64nopad } from '@scure/base';
import { concatBytes, utf8ToBytes } from '../bytes.ts';
import { ENCAPSULATED_LENGTH, type HybridKem } from './HybridKem.ts';

/**
 * age's `mlkem768x25519` stanzas over a key encapsulation of our own choice: the library has its own built in, and
 * takes others only as whole recipients and identities. Same bytes, as a test shows both ways.
 */

const TYPE = 'mlkem768x25519';
/** Bytes of a wrapped file key. */
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
 * An identity that unwraps file keys.
 *
 * @param decapsulate - Finds the secret, 32 bytes, that was encapsulated to the identity in 1,120 bytes.
 */
export function hybridIdentity(decapsulate: (encapsulated: Uint8Array) => Uint8Array): Identity {
  return {
    unwrapFileKey(stanzas) {
      for (const stanza of stanzas) {
        if (stanza.args[0] !== TYPE) continue;
        const { encapsulated, body } = parseHybridStanza(stanza);
        const fileKey = decrypted(wrapper(decapsulate(encapsulated)), body);
        if (fileKey !== null) return fileKey;
      }
      return null;
    },
  };
}

/**
 * The parts of such a stanza.
 *
 * @param stanza - From the header of a sealed file; not trusted.
 * @returns `encapsulated`: 1,120 bytes; `body`: the wrapped file key, 32 bytes.
 * @throws Error if it is not such a stanza.
 */
export function parseHybridStanza({ args, body }: Pick<Stanza, 'args' | 'body'>): {
  readonly encapsulated: Uint8Array;
  readonly body: Uint8Array;
} {
  const [type, share, ...more] = args;
  const encapsulated = base64nopad.decode(share ?? '');
  if (
    type !== TYPE ||
    encapsulated.length !== ENCAPSULATED_LENGTH ||
    body.length !== WRAPPED ||
    more.length > 0
  ) {
    throw new Error('not a stanza of its type');
  }
  return { encapsulated, body };
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
