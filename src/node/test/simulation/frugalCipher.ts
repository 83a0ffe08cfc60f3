import { bytesToHex } from '../../../crypto/bytes.ts';
import type { PayloadCipher } from '../../../crypto/sealing/PayloadCipher.ts';
import { nativeCipher } from '../../../native/nativeCipher.ts';
import { nativeKem } from '../../../native/nativeKem.ts';

/** The native cipher, which makes each public key once: a patient's device asks for the same ones with every change. */
export function frugalCipher(): PayloadCipher {
  const known = new Map<string, Uint8Array>();
  return {
    ...nativeCipher,
    kem: {
      ...nativeKem,
      publicKey(seed) {
        const name = bytesToHex(seed);
        const key = known.get(name) ?? nativeKem.publicKey(seed);
        known.set(name, key);
        return key;
      },
    },
  };
}
