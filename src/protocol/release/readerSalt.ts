import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { encodeFields } from '../../crypto/encodeFields.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { u64 } from '../../crypto/u64.ts';
import type { Hex } from '../ids.ts';

const LABEL = utf8ToBytes('medseal/view-recipient/1');
/** Bytes of a view's salt. */
const SALT = 16;

/**
 * Returns the salt of a view that asks for shares: it commits to the fresh recipient that they are to be sealed to, so that
 * nobody on the way can have them sealed to another.
 *
 * @param primitives - SHA-256.
 * @param recipient - The reader's recipient for these views alone (`age1pq1…`).
 * @param place - Place of the view among those with this recipient, from 0.
 * @returns 16 bytes, which nobody can tell from random ones without the recipient.
 */
export function readerSalt(
  primitives: Pick<Primitives, 'sha256'>,
  recipient: string,
  place: number,
): Hex {
  const committed = encodeFields(LABEL, utf8ToBytes(recipient), u64(place));
  return bytesToHex(primitives.sha256(committed).subarray(0, SALT));
}
