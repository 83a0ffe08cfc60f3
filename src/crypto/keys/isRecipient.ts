import { recipientKey } from './ageIdentity.ts';
import { isSmallPoint } from './isSmallPoint.ts';

/** Bytes of the ML-KEM-768 half (FIPS 203 §8). */
const MLKEM_KEY = 1_184;

/**
 * Tells whether a text is a recipient that somebody can seal to: a post-quantum hybrid one, as `recipientKey` takes it, whose
 * X25519 half is not a point of small order.
 *
 * @param recipient - Any text.
 */
export function isRecipient(recipient: string): boolean {
  try {
    return !isSmallPoint(recipientKey(recipient).subarray(MLKEM_KEY));
  } catch {
    return false;
  }
}
