import { x25519 } from '@noble/curves/ed25519.js';
import { recipientKey } from './ageIdentity.ts';

/** Bytes of the ML-KEM-768 half (FIPS 203 §8). */
const MLKEM_KEY = 1_184;
/** Any secret will do: of a point of small order each makes nothing. */
const SECRET = new Uint8Array(32).fill(1);

/**
 * Whether a text is a recipient that somebody can seal to: a post-quantum hybrid one, as `recipientKey` takes it, whose
 * X25519 half is not a point of small order.
 *
 * @param recipient - Any text.
 */
export function isRecipient(recipient: string): boolean {
  try {
    const key = recipientKey(recipient);
    x25519.getSharedSecret(SECRET, key.subarray(MLKEM_KEY));
    return true;
  } catch {
    return false;
  }
}
