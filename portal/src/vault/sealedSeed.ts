import { utf8ToBytes } from '../../../src/crypto/bytes.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import type { Address } from '../../../src/protocol/ids.ts';

/** A use of a secret: it gives another key in each. */
type Use = 'passkey' | 'former';

/** Bytes of a nonce of AES-GCM. */
const NONCE = 12;

/**
 * Seals a seed under a secret, such as a passkey's: HKDF-SHA-256 (RFC 5869) gives a key of AES-256-GCM that the page cannot read
 * back; the address is bound to what is sealed.
 *
 * @param secret - The secret, 32 bytes; it is overwritten.
 * @param address - The party's address.
 * @param seed - The seed, 32 bytes.
 * @param use - `former` if the secret is the seed that came after this one.
 */
export async function sealSeed(
  secret: Uint8Array,
  address: Address,
  seed: Uint8Array,
  use: Use = 'passkey',
): Promise<Uint8Array> {
  const key = await keyOf(secret, use);
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const sealed = await crypto.subtle.encrypt(cipher(address, iv), key, Uint8Array.from(seed));
  const bytes = new Uint8Array(NONCE + sealed.byteLength);
  bytes.set(iv);
  bytes.set(new Uint8Array(sealed), NONCE);
  return bytes;
}

/**
 * Opens what `sealSeed` sealed.
 *
 * @param secret - The secret; it is overwritten.
 * @param address - The party's address.
 * @param sealed - The sealed seed.
 * @param use - As it was sealed.
 * @throws MedsealError `SEAL_UNREADABLE` if the secret is another one, or anything was altered.
 */
export async function openSeed(
  secret: Uint8Array,
  address: Address,
  sealed: Uint8Array,
  use: Use = 'passkey',
): Promise<Uint8Array> {
  const key = await keyOf(secret, use);
  const [iv, text] = [sealed.slice(0, NONCE), sealed.slice(NONCE)];
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt(cipher(address, iv), key, Uint8Array.from(text)),
    );
  } catch (cause) {
    throw new MedsealError('SEAL_UNREADABLE', {}, { cause });
  }
}

async function keyOf(secret: Uint8Array, use: Use): Promise<CryptoKey> {
  const bytes = Uint8Array.from(secret);
  secret.fill(0);
  const material = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
  bytes.fill(0);
  const info = Uint8Array.from(utf8ToBytes(`medseal portal ${use}`));
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info };
  const algorithm = { name: 'AES-GCM', length: 256 };
  return await crypto.subtle.deriveKey(derivation, material, algorithm, false, [
    'encrypt',
    'decrypt',
  ]);
}

function cipher(address: Address, iv: Uint8Array): AesGcmParams {
  const additionalData = Uint8Array.from(utf8ToBytes(address));
  return { name: 'AES-GCM', iv: Uint8Array.from(iv), additionalData };
}
