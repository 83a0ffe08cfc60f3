import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { checkEvidence } from './checkEvidence.ts';
import type { EvidenceOptions } from './acknowledgementCheck.ts';
import type { History } from './evidence.ts';
import type { Bytes32 } from '../ids.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { SigningContext } from '../struct/signing.ts';
import { verifyCheckpoint } from './verifyCheckpoint.ts';

/** A verified history. */
export interface VerifiedHistory {
  /** Its entries in their order, 32 bytes each. */
  readonly entries: readonly Uint8Array[];
  /**
   * Roots of the log at smaller sizes.
   *
   * @param sizes - Sizes, not larger than the history's; in any order.
   */
  readonly rootsAt: (sizes: Iterable<number>) => ReadonlyMap<number, Bytes32>;
}

/**
 * Verifies a history offline, with the pinned network file alone: k coordinators and the log signed the checkpoint, and
 * the entries are those that it holds.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param history - Saved history, not trusted.
 * @param options - Options for verifying evidence.
 * @throws MedsealError `EVIDENCE_INVALID` with the reason.
 * @example
 * ```ts
 * const context = { domain: domainOf(network), primitives: portablePrimitives };
 * const file = parseEvidenceFile(bytes);
 * if (file.kind !== 'history') throw new Error('pick a saved history');
 * const { entries } = verifyHistory(context, network, file.history);
 * console.log(`${entries.length} entries`);
 * ```
 */
export function verifyHistory(
  context: SigningContext,
  network: NetworkFile,
  { format, checkpoint, entries: joined }: History,
  options: Pick<EvidenceOptions, 'strict'> = {},
): VerifiedHistory {
  return checkEvidence(() => {
    if (format !== 'medseal-history/1') throw invalid('the history is of another format');
    verifyCheckpoint(context, network, checkpoint, options);
    const bytes = hexToBytes(joined);
    if (bytes.length !== 32 * checkpoint.size) throw invalid('it has another number of entries');
    const entries = Array.from({ length: checkpoint.size }, (_, at) =>
      bytes.subarray(32 * at, 32 * at + 32),
    );
    const rootsAt = (sizes: Iterable<number>): ReadonlyMap<number, Bytes32> => {
      const wanted = new Set(sizes);
      const roots = new Map<number, Bytes32>();
      const frontier = MerkleFrontier.empty(context.primitives);
      for (const entry of entries) {
        frontier.append(leafHash(context.primitives, entry));
        if (wanted.has(frontier.size)) roots.set(frontier.size, bytesToHex(frontier.root()));
      }
      return roots;
    };
    if (rootsAt([checkpoint.size]).get(checkpoint.size) !== checkpoint.root) {
      throw invalid('the entries are not those of the checkpoint');
    }
    return { entries, rootsAt };
  });
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
