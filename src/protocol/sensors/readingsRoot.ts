import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { rootOf } from '../../crypto/merkle/rootOf.ts';
import type { Sha256 } from '../../crypto/merkle/Sha256.ts';
import type { Bytes32 } from '../ids.ts';

/**
 * Returns the RFC 6962 root over readings: each leaf is the line of a reading in UTF-8, without its line feed.
 *
 * @param primitives - For SHA-256.
 * @param lines - The readings, in their order.
 */
export function readingsRoot(primitives: Sha256, lines: readonly string[]): Bytes32 {
  const leaves = lines.map((line) => leafHash(primitives, utf8ToBytes(line)));
  return bytesToHex(rootOf(primitives, leaves));
}
