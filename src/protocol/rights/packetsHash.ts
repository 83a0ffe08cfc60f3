import type { Primitives } from '../../crypto/Primitives.ts';
import type { DepositedPacket } from '../AgentPort.ts';
import { canonicalHash } from '../wire/canonicalHash.ts';
import type { Bytes32 } from '../ids.ts';

/**
 * Returns the hash that a revocation commits to: SHA-256 over the canonical JSON of the packets, ordered by grant.
 *
 * @param primitives - Hashes.
 * @param packets - One for each grant that keeps its right.
 */
export function packetsHash(
  primitives: Pick<Primitives, 'sha256'>,
  packets: readonly DepositedPacket[],
): Bytes32 {
  const ordered = packets.toSorted((left, right) => (left.grant < right.grant ? -1 : 1));
  return canonicalHash(primitives, ordered);
}
