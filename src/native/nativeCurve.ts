import type { Secp256k1Addon } from 'secp256k1/bindings.js';
import type { Primitives } from '../crypto/Primitives.ts';
import { recoveryBit } from '../crypto/recoveryBit.ts';
import { MedsealError } from '../errors/MedsealError.ts';

/**
 * The curve's primitives on bitcoin-core's library, 40 µs a recovery.
 *
 * @param addon - npm `secp256k1`, its `bindings.js`: its `index.js` would quietly put JavaScript in its place if the
 * addon does not load.
 */
export function nativeCurve(
  addon: Secp256k1Addon,
): Pick<Primitives, 'publicKey' | 'sign' | 'recover'> {
  function checkSecret(secret: Uint8Array): void {
    if (secret.length !== 32 || !addon.privateKeyVerify(secret)) {
      throw new MedsealError('SEED_MALFORMED', {});
    }
  }

  return {
    publicKey(secret) {
      checkSecret(secret);
      return addon.publicKeyCreate(secret, false);
    },

    sign(digest, secret) {
      checkSecret(secret);
      if (digest.length !== 32) throw new MedsealError('REQUEST_MALFORMED', { what: 'digest' });
      const { signature: compact, recid } = addon.ecdsaSign(digest, secret);
      const signature = new Uint8Array(65);
      signature.set(compact);
      signature[64] = 27 + recid;
      return signature;
    },

    recover(digest, signature) {
      const bit = recoveryBit(digest, signature);
      try {
        return addon.ecdsaRecover(signature.subarray(0, 64), bit, digest, false);
      } catch (cause) {
        throw new MedsealError('SIGNATURE_INVALID', {}, { cause });
      }
    },
  };
}
