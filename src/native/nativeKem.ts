import {
  createHash,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  diffieHellman,
  encapsulate,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { concatBytes, hexToBytes, utf8ToBytes } from '../crypto/bytes.ts';
import { remembering } from '../crypto/remembering.ts';
import type { HybridKem } from '../crypto/sealing/HybridKem.ts';
import { latin1 } from './latin1.ts';

/** Lengths of the ML-KEM-768 halves (FIPS 203 §8); the X25519 halves behind them are 32 bytes each. */
const MLKEM_KEY = 1_184;
const MLKEM_CIPHERTEXT = 1_088;
const X25519 = 32;
const SEED = 32;

/** Bytes before the raw keys in DER (RFC 8410; RFC 9935, the seed alone). */
const DER = {
  mlkemSeed: hexToBytes('0x3054020100300b060960864801650304040204428040'),
  mlkemKey: hexToBytes('0x308204b2300b0609608648016503040402038204a100'),
  x25519Secret: hexToBytes('0x302e020100300506032b656e04220420'),
  x25519Key: hexToBytes('0x302a300506032b656e032100'),
};
/** The draft draws two wings. */
const LABEL = utf8ToBytes('\\.//^\\');

/** X-Wing on OpenSSL (draft-connolly-cfrg-xwing-kem §5). */
export const nativeKem: HybridKem = {
  publicKey(seed) {
    const { mlkem, x25519 } = expand(seed);
    return concatBytes(
      rawKey(createPublicKey(mlkem), MLKEM_KEY),
      rawKey(createPublicKey(x25519), X25519),
    );
  },

  encapsulate(publicKey) {
    requireLength(publicKey, MLKEM_KEY + X25519);
    const { mlkem, x25519 } = imported(latin1(publicKey));
    const theirs = publicKey.subarray(MLKEM_KEY);
    const { ciphertext, sharedKey } = encapsulate(mlkem);
    const ephemeral = generateKeyPairSync('x25519');
    const share = rawKey(ephemeral.publicKey, X25519);
    const agreed = diffieHellman({
      privateKey: ephemeral.privateKey,
      publicKey: x25519,
    });
    return {
      encapsulated: concatBytes(ciphertext, share),
      secret: combine(sharedKey, agreed, share, theirs),
    };
  },

  decapsulate(seed, encapsulated) {
    return decapsulator(seed)(encapsulated);
  },

  expand: decapsulator,
};

/** Both halves of the last public keys, as OpenSSL has them: it takes as long to read a key as to use it. */
const imported = remembering(64, (publicKey) => {
  const bytes = Buffer.from(publicKey, 'latin1');
  return {
    mlkem: importPublic(DER.mlkemKey, bytes.subarray(0, MLKEM_KEY)),
    x25519: importPublic(DER.x25519Key, bytes.subarray(MLKEM_KEY)),
  };
});

function decapsulator(seed: Uint8Array): (encapsulated: Uint8Array) => Uint8Array {
  const { mlkem, x25519 } = expand(seed);
  const own = rawKey(createPublicKey(x25519), X25519);
  return (encapsulated) => {
    requireLength(encapsulated, MLKEM_CIPHERTEXT + X25519);
    const share = encapsulated.subarray(MLKEM_CIPHERTEXT);
    const sharedKey = decapsulate(mlkem, encapsulated.subarray(0, MLKEM_CIPHERTEXT));
    const agreed = diffieHellman({
      privateKey: x25519,
      publicKey: importPublic(DER.x25519Key, share),
    });
    return combine(sharedKey, agreed, share, own);
  };
}

/** §5.2: the seed gives both secret keys. */
function expand(seed: Uint8Array): { mlkem: KeyObject; x25519: KeyObject } {
  requireLength(seed, SEED);
  const expanded = createHash('shake256', { outputLength: 96 }).update(seed).digest();
  return {
    mlkem: importSecret(DER.mlkemSeed, expanded.subarray(0, 64)),
    x25519: importSecret(DER.x25519Secret, expanded.subarray(64)),
  };
}

/** §5.3, the combiner. */
function combine(
  mlkemSecret: Uint8Array,
  x25519Secret: Uint8Array,
  share: Uint8Array,
  theirs: Uint8Array,
): Uint8Array {
  const hash = createHash('sha3-256');
  for (const part of [mlkemSecret, x25519Secret, share, theirs, LABEL]) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** OpenSSL reads over bytes behind a key. */
function requireLength(bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new Error(`not ${length} bytes`);
}

function importSecret(prefix: Uint8Array, raw: Uint8Array): KeyObject {
  const key = Buffer.from(concatBytes(prefix, raw));
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

function importPublic(prefix: Uint8Array, raw: Uint8Array): KeyObject {
  const key = Buffer.from(concatBytes(prefix, raw));
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

function rawKey(key: KeyObject, length: number): Uint8Array {
  return new Uint8Array(key.export({ format: 'der', type: 'spki' }).subarray(-length));
}
