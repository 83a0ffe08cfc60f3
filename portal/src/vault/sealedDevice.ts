import type { DeviceStore } from '../../../src/client/index.ts';
import { bytesToUtf8, utf8ToBytes } from '../../../src/crypto/bytes.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';

/** Bytes of a nonce of AES-GCM. */
const NONCE = 12;

/**
 * Seals what a device keeps (AES-256-GCM), each value bound to its name, so that whoever reads the browser's files learns
 * no record, right or contact, and cannot put one value in another's place.
 *
 * @param inner - Store of the sealed bytes.
 * @param key - Key of `deviceKey`.
 * @throws MedsealError `SEAL_UNREADABLE` from `read` if a value was altered.
 */
export function sealedDevice(inner: DeviceStore, key: CryptoKey): DeviceStore {
  return {
    async read(name) {
      const kept = await inner.read(name);
      if (kept === undefined) return undefined;
      if (!(kept instanceof Uint8Array)) throw new MedsealError('SEAL_UNREADABLE', {});
      const bytes = Uint8Array.from(kept);
      const [iv, sealed] = [bytes.slice(0, NONCE), bytes.slice(NONCE)];
      try {
        const text = await crypto.subtle.decrypt(cipher(name, iv), key, sealed);
        return JSON.parse(bytesToUtf8(new Uint8Array(text))) as unknown;
      } catch (cause) {
        throw new MedsealError('SEAL_UNREADABLE', {}, { cause });
      }
    },
    async write(name, value) {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE));
      const text = Uint8Array.from(utf8ToBytes(JSON.stringify(value)));
      const sealed = new Uint8Array(await crypto.subtle.encrypt(cipher(name, iv), key, text));
      const bytes = new Uint8Array(NONCE + sealed.length);
      bytes.set(iv);
      bytes.set(sealed, NONCE);
      await inner.write(name, bytes);
    },
    ...(inner.alone && { alone: inner.alone }),
  };
}

function cipher(name: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: Uint8Array.from(utf8ToBytes(name)) };
}
