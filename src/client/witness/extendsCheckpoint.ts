import { hexToBytes } from '../../crypto/bytes.ts';
import { consistencyProof } from '../../crypto/merkle/consistencyProof.ts';
import { verifyConsistency } from '../../crypto/merkle/verifyConsistency.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { SignedCheckpoint } from '../../protocol/evidence/evidence.ts';
import type { Checkpoint } from '../../protocol/struct/requests.ts';
import { tileHashes } from './tileHashes.ts';

/**
 * Tells whether a checkpoint extends an earlier one of the same log, by a proof made from the tiles that a node serves.
 *
 * @param primitives - SHA-256.
 * @param agent - The node.
 * @param earlier - Size and root, known from another source.
 * @param later - Checkpoint that the node serves.
 * @throws MedsealError of the node; `PEER_MALFORMED`.
 */
export async function extendsCheckpoint(
  primitives: Primitives,
  agent: Pick<AgentPort, 'tile'>,
  earlier: Pick<Checkpoint, 'size' | 'root'>,
  later: Pick<SignedCheckpoint, 'log' | 'size' | 'root'>,
): Promise<boolean> {
  const { log, size, root } = later;
  if (earlier.size === size) return earlier.root === root;
  if (earlier.size > size) return false;
  const hashes = tileHashes(primitives, agent, log, size);
  return verifyConsistency(primitives, {
    first: earlier.size,
    second: size,
    firstRoot: hexToBytes(earlier.root),
    secondRoot: hexToBytes(root),
    proof: await consistencyProof(primitives, hashes, earlier.size, size),
  });
}
