import { ed25519 } from '@noble/curves/ed25519.js';

/**
 * Tells whether bytes are a sound Ed25519 key: a point as RFC 8032 §5.1.3 writes it, and none of the few of small order, for
 * which a signature can hold that says nothing.
 *
 * @param publicKey - Any bytes.
 */
export function isEd25519Key(publicKey: Uint8Array): boolean {
  try {
    return !ed25519.Point.fromBytes(publicKey, false).isSmallOrder();
  } catch {
    return false;
  }
}
