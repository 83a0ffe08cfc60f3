import { base64 } from '@scure/base';
import { bytesToUtf8 } from '../../crypto/bytes.ts';
import { EVIDENCED_BEGINNING } from '../../crypto/threshold/readGuardedHeader.ts';
import type { Base64 } from '../../protocol/evidence/evidence.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';

/** Letters that have the beginning. */
const LETTERS = Math.ceil(EVIDENCED_BEGINNING.length / 3) * 4;

/**
 * Tells whether the state of a patient's devices was sealed ahead for a recovery of the patient's key: its first stanza opens with a
 * release. Nobody else can tell for which.
 *
 * @param sealed - The state.
 */
export function isSealedAhead(sealed: Base64): boolean {
  return succeeds(
    () =>
      bytesToUtf8(
        base64.decode(sealed.slice(0, LETTERS)).subarray(0, EVIDENCED_BEGINNING.length),
      ) === EVIDENCED_BEGINNING,
  );
}
