import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Bytes32 } from '../ids.ts';

/**
 * Returns the hash by which the Registry names an age recipient: SHA-256 of its text.
 *
 * @param primitives - Hashes.
 * @param recipient - `age1pq1…`
 */
export function recipientHash(primitives: Pick<Primitives, 'sha256'>, recipient: string): Bytes32 {
  return bytesToHex(primitives.sha256(utf8ToBytes(recipient)));
}
