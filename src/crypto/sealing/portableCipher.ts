import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { PayloadCipher } from './PayloadCipher.ts';

/** The payload cipher in JavaScript alone: it runs in every browser and in Node. */
export const portableCipher: PayloadCipher = {
  seal(key, nonce, plaintext) {
    return chacha20poly1305(key, nonce).encrypt(plaintext);
  },

  open(key, nonce, ciphertext) {
    try {
      return chacha20poly1305(key, nonce).decrypt(ciphertext);
    } catch {
      throw new MedsealError('SEAL_UNREADABLE', {});
    }
  },
};
