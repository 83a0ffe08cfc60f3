/** Label of the key that seals what a device keeps, so that it differs from every other use of the seed. */
const LABEL = new TextEncoder().encode('medseal portal device');

/**
 * Derives the key that seals a person's values in this browser (HKDF-SHA-256, RFC 5869). The page cannot read it back.
 *
 * @param seed - The person's seed, 32 bytes.
 */
export async function deviceKey(seed: Uint8Array): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', Uint8Array.from(seed), 'HKDF', false, [
    'deriveKey',
  ]);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info: LABEL };
  const cipher = { name: 'AES-GCM', length: 256 };
  return await crypto.subtle.deriveKey(derivation, material, cipher, false, ['encrypt', 'decrypt']);
}
