import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import type { SigningContext } from '../struct/signing.ts';
import { keysAskedDigest, type KeysAsked } from './DeviceKeys.ts';

/**
 * Signs a device's question for keys.
 *
 * @param primitives - SHA-256 and the curve.
 * @param signingKey - The device's, 32 bytes.
 * @param asked - Device, right, and a nonce that it made now.
 * @returns The question in JSON.
 */
export function signKeysAsked(
  primitives: SigningContext['primitives'],
  signingKey: Uint8Array,
  asked: Pick<KeysAsked, 'device' | 'grant' | 'nonce'>,
): string {
  const digest = hexToBytes(keysAskedDigest(primitives, asked));
  const signature = bytesToHex(primitives.sign(digest, signingKey));
  return JSON.stringify({ format: 'medseal-keys-asked/1', ...asked, signature });
}
