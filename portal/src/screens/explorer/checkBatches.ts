import { bytesToHex, hexToBytes } from '../../../../src/crypto/bytes.ts';
import { leafHash } from '../../../../src/crypto/merkle/leafHash.ts';
import { rootOf } from '../../../../src/crypto/merkle/rootOf.ts';
import type { Primitives } from '../../../../src/crypto/Primitives.ts';
import type { LogEntry, SignedCheckpoint } from '../../../../src/protocol/evidence/evidence.ts';
import type { LogBatch } from '../../../../src/protocol/evidence/LogBatch.ts';
import type { WordKey } from '../../words/WordKey.ts';
import { batchFaults } from './batchFaults.ts';

/** A batch with the reasons why it is not safe; without any list if nothing of it was checked. */
export interface CheckedBatch {
  readonly batch: LogBatch;
  readonly faults?: readonly WordKey[];
}

/**
 * Checks batches against a checkpoint: the entries make its root, and each header fits the entries. Batches with entries
 * that came after the checkpoint are signed by nobody yet, and are not checked.
 *
 * @param primitives - SHA-256.
 * @param checkpoint - It was verified.
 * @param batches - All batches from the first on, not trusted.
 * @param entries - All entries that the checkpoint covers, in their order, not trusted.
 */
export function checkBatches(
  primitives: Pick<Primitives, 'sha256'>,
  { size, root }: Pick<SignedCheckpoint, 'size' | 'root'>,
  batches: readonly LogBatch[],
  entries: readonly LogEntry[],
): readonly CheckedBatch[] {
  const leaves = entries.map(({ entry }) => leafHash(primitives, hexToBytes(entry)));
  const isSigned = leaves.length === size && bytesToHex(rootOf(primitives, leaves)) === root;
  return batches.map((batch, place) => {
    if (batch.to > size) return { batch };
    const faults = batchFaults(primitives, batch, batches[place - 1], leaves);
    return { batch, faults: isSigned ? faults : [...faults, 'explorer.fault-entries'] };
  });
}
