import { ed25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Primitives } from './Primitives.ts';
import { recoveryBit } from './recoveryBit.ts';
import { nobleGroup } from './threshold/nobleGroup.ts';

/** The primitives in JavaScript alone: they run in every browser and in Node. */
export const portablePrimitives: Primitives = {
  group: nobleGroup,

  sha256(data) {
    return sha256(data);
  },

  keccak256(data) {
    return keccak_256(data);
  },

  publicKey(secret) {
    checkSecret(secret);
    return secp256k1.getPublicKey(secret, false);
  },

  sign(digest, secret) {
    checkSecret(secret);
    if (digest.length !== 32) throw new MedsealError('REQUEST_MALFORMED', { what: 'digest' });
    const recovered = secp256k1.sign(digest, secret, { prehash: false, format: 'recovered' });
    const signature = new Uint8Array(65);
    signature.set(recovered.subarray(1));
    signature[64] = 27 + (recovered[0] ?? 0);
    return signature;
  },

  recover(digest, signature) {
    const bit = recoveryBit(digest, signature);
    try {
      return secp256k1.Signature.fromBytes(signature.subarray(0, 64), 'compact')
        .addRecoveryBit(bit)
        .recoverPublicKey(digest)
        .toBytes(false);
    } catch (cause) {
      throw new MedsealError('SIGNATURE_INVALID', {}, { cause });
    }
  },

  signEd25519(message, seed) {
    if (seed.length !== 32) throw new MedsealError('SEED_MALFORMED', {});
    return ed25519.sign(message, seed);
  },

  verifyEd25519(message, signature, publicKey) {
    try {
      return ed25519.verify(signature, message, publicKey, { zip215: false });
    } catch {
      return false;
    }
  },
};

function checkSecret(secret: Uint8Array): void {
  if (!secp256k1.utils.isValidSecretKey(secret)) throw new MedsealError('SEED_MALFORMED', {});
}
