import { XWing } from '@noble/post-quantum/hybrid.js';
import type { HybridKem } from './HybridKem.ts';

/** X-Wing in JavaScript alone: it runs in every browser and in Node. */
export const portableKem: HybridKem = {
  publicKey: (seed) => XWing.keygen(seed).publicKey,

  encapsulate(publicKey) {
    const { cipherText, sharedSecret } = XWing.encapsulate(publicKey);
    return { encapsulated: cipherText, secret: sharedSecret };
  },

  decapsulate: (seed, encapsulated) => XWing.decapsulate(encapsulated, seed),
};
