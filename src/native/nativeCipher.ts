import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { PayloadCipher } from '../crypto/sealing/PayloadCipher.ts';
import { MedsealError } from '../errors/MedsealError.ts';

const ALGORITHM = 'chacha20-poly1305';
const TAG = 16;

/** The payload cipher on OpenSSL: the same bytes as `portableCipher`, several times as fast. */
export const nativeCipher: PayloadCipher = {
  seal(key, nonce, plaintext) {
    const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG });
    const sealed = new Uint8Array(plaintext.length + TAG);
    sealed.set(cipher.update(plaintext));
    cipher.final();
    sealed.set(cipher.getAuthTag(), plaintext.length);
    return sealed;
  },

  open(key, nonce, ciphertext) {
    if (ciphertext.length < TAG) throw new MedsealError('SEAL_UNREADABLE', {});
    const end = ciphertext.length - TAG;
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG });
    decipher.setAuthTag(ciphertext.subarray(end));
    const opened = decipher.update(ciphertext.subarray(0, end));
    try {
      decipher.final();
    } catch {
      throw new MedsealError('SEAL_UNREADABLE', {});
    }
    return new Uint8Array(opened.buffer, opened.byteOffset, opened.length);
  },
};
