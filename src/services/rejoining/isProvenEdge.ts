import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { openCheckpoint } from '../../crypto/note/openCheckpoint.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { SignedEdge } from '../ports.ts';

/**
 * Tells whether a checkpoint that somebody claims to have signed is one: nobody can forge what the log itself signed,
 * with the key that it has now, and what its own copy makes needs no more proof.
 *
 * @param primitives - Hashes and the curve.
 * @param log - Its own copy of the log.
 * @param signed - Not trusted.
 */
export async function isProvenEdge(
  primitives: Primitives,
  log: EvidenceLog,
  { size, root, peaks, note }: SignedEdge,
): Promise<boolean> {
  const isEdge = succeeds(() => {
    const edge = MerkleFrontier.of(primitives, size, peaks.map(hexToBytes));
    return bytesToHex(edge.root()) === root;
  });
  if (!isEdge) return false;
  if (size <= log.size && (await log.root(size)) === root) return true;
  const { identity } = log;
  return succeeds(() => {
    const said = openCheckpoint(primitives, { ...identity, keys: [identity.key] }, note ?? '');
    return said?.size === size && bytesToHex(said.root) === root;
  });
}
