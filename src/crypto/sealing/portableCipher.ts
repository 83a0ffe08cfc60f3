import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { PayloadCipher } from './PayloadCipher.ts';

/** The payload cipher in JavaScript alone: it runs in every browser and in Node. */
export const portableCipher: PayloadCipher = {
  seal(key, nonce, plaintext, output) {
    chacha20poly1305(key, nonce).encrypt(plaintext, output);
  },

  open(key, nonce, ciphertext, output) {
    try {
      chacha20poly1305(key, nonce).decrypt(ciphertext, output);
    } catch {
      throw new MedsealError('SEAL_UNREADABLE', {});
    }
  },
};
