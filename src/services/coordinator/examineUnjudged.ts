import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { openCheckpoint } from '../../crypto/note/openCheckpoint.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { checkEvidence } from '../../protocol/evidence/checkEvidence.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { logKeysOf } from '../../protocol/network/officesOf.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import type { UnjudgedProof } from './coordinatorRows.ts';
import { requireJudged } from './requireJudged.ts';

/**
 * Checks, with the network file alone, that a log's own key signed a tree with an entry in it for which its
 * organisation presented too few verdicts. Nobody can prove that there are no others: the organisation can still
 * present them.
 *
 * @param context - Domain, primitives, the pinned network file.
 * @param proof - As it was kept.
 * @returns The error that names log, entry, and how many judged it.
 * @throws MedsealError `EVIDENCE_INVALID` if it shows no such thing.
 */
export function examineUnjudged(
  context: SigningContext & { readonly network: NetworkFile },
  proof: UnjudgedProof,
): MedsealError<'ENTRY_UNJUDGED'> {
  return checkEvidence(() => {
    const { primitives, network } = context;
    const { log } = logOf(network, proof.log);
    const keys = logKeysOf(network, proof.log);
    const said = openCheckpoint(primitives, { ...log, keys }, proof.note);
    const leaves = proof.entries.map((entry) => leafHash(primitives, hexToBytes(entry)));
    const tree = MerkleFrontier.of(primitives, proof.from, proof.peaks.map(hexToBytes));
    for (const leaf of leaves) tree.append(leaf);
    if (said?.size !== tree.size || bytesToHex(tree.root()) !== bytesToHex(said.root)) {
      throw new MedsealError('EVIDENCE_INVALID', { reason: 'the log did not sign these entries' });
    }
    try {
      requireJudged(context, proof, { leaves, isOwn: () => false });
    } catch (error) {
      if (isMedsealError(error, 'ENTRY_UNJUDGED')) return error;
      throw error;
    }
    throw new MedsealError('EVIDENCE_INVALID', { reason: 'all these entries were judged' });
  });
}
