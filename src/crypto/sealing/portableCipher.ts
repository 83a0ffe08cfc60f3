import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { PayloadCipher } from './PayloadCipher.ts';

/** The payload cipher in JavaScript alone: it runs in every browser and in Node. */
export const portableCipher: PayloadCipher = {
  under: (key) => ({
    seal(nonce, plaintext, output) {
      chacha20poly1305(key, nonce).encrypt(plaintext, output);
    },

    open(nonce, ciphertext, output) {
      try {
        chacha20poly1305(key, nonce).decrypt(ciphertext, output);
      } catch {
        throw new MedsealError('SEAL_UNREADABLE', {});
      }
    },
  }),
};
