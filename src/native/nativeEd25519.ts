import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { concatBytes, hexToBytes } from '../crypto/bytes.ts';
import { isEd25519Key } from '../crypto/isEd25519Key.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { remembering } from '../crypto/remembering.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { latin1 } from './latin1.ts';

/** Bytes before the 32 bytes of a key in DER (RFC 8410 §4, §7). */
const PUBLIC = hexToBytes('0x302a300506032b6570032100');
const SECRET = hexToBytes('0x302e020100300506032b657004220420');
/** Number of keys held as OpenSSL reads them, at most; a network has one for each log. */
const MOST_KEYS = 256;

/**
 * Ed25519 on OpenSSL, ten times as fast as in JavaScript. A signature of a sound key that OpenSSL takes, the portable
 * implementation takes too; one that it refuses is verified there once more, so that both always say the same.
 */
export function nativeEd25519(): Pick<Primitives, 'signEd25519' | 'verifyEd25519'> {
  const keyIn = remembering(MOST_KEYS, (text): KeyObject | undefined => {
    const publicKey = Buffer.from(text, 'latin1');
    return isEd25519Key(publicKey)
      ? createPublicKey({ key: der(PUBLIC, publicKey), format: 'der', type: 'spki' })
      : undefined;
  });

  return {
    signEd25519(message, seed) {
      if (seed.length !== 32) throw new MedsealError('SEED_MALFORMED', {});
      const key = createPrivateKey({ key: der(SECRET, seed), format: 'der', type: 'pkcs8' });
      return new Uint8Array(sign(null, message, key));
    },

    verifyEd25519(message, signature, publicKey) {
      const key = keyIn(latin1(publicKey));
      if (key !== undefined && verify(null, message, key, signature)) return true;
      return portablePrimitives.verifyEd25519(message, signature, publicKey);
    },
  };
}

function der(before: Uint8Array, key: Uint8Array): Buffer {
  return Buffer.from(concatBytes(before, key));
}
