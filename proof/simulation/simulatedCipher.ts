import { createHash, hash, randomBytes } from 'node:crypto';
import type { HybridKem } from '../../src/crypto/sealing/HybridKem.ts';
import type { PayloadCipher } from '../../src/crypto/sealing/PayloadCipher.ts';
import { nativeCipher } from '../../src/native/nativeCipher.ts';

/**
 * The native cipher with a key encapsulation that hides nothing from those who know a public key, and costs a hash: a
 * simulation tests who is given which keys, and not whether they can be broken.
 */
export const simulatedCipher: PayloadCipher = { ...nativeCipher, kem: simulatedKem() };

function simulatedKem(): HybridKem {
  return {
    publicKey,
    encapsulate(key) {
      const encapsulated = new Uint8Array(1120);
      encapsulated.set(randomBytes(32));
      return { encapsulated, secret: secretOf(key, encapsulated) };
    },
    decapsulate: (seed, encapsulated) => secretOf(publicKey(seed), encapsulated),
  };
}

/** Bytes of a key that passes for one: each of its numbers of 12 bits is below the modulus of ML-KEM. */
function publicKey(seed: Uint8Array): Uint8Array {
  const key = new Uint8Array(createHash('shake256', { outputLength: 1216 }).update(seed).digest());
  return key.map((byte, at) => (at % 3 === 0 || at >= 1152 ? byte : byte & 0x70));
}

function secretOf(key: Uint8Array, encapsulated: Uint8Array): Uint8Array {
  return new Uint8Array(hash('sha256', Buffer.concat([key, encapsulated]), 'buffer'));
}
