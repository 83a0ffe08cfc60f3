import { bytesToHex } from '../../../../src/crypto/bytes.ts';
import { rootOf } from '../../../../src/crypto/merkle/rootOf.ts';
import type { Primitives } from '../../../../src/crypto/Primitives.ts';
import { canonicalHash } from '../../../../src/protocol/wire/canonicalHash.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import type { LogBatch } from '../../../../src/protocol/evidence/LogBatch.ts';
import type { WordKey } from '../../words/WordKey.ts';

/**
 * Checks a batch's header as P1 has it: its hash, the hash of the batch before, and the Merkle root of its entries.
 *
 * @param primitives - SHA-256.
 * @param batch - The batch, not trusted.
 * @param before - The batch before it; undefined for the first.
 * @param leaves - Leaf hashes of the log's entries, 32 bytes each, from the first on.
 * @returns The reasons why it is not safe.
 */
export function batchFaults(
  primitives: Pick<Primitives, 'sha256'>,
  batch: LogBatch,
  before: LogBatch | undefined,
  leaves: readonly Uint8Array[],
): readonly WordKey[] {
  const { header, from, to } = batch;
  const { hash, ...content } = header;
  const faults: WordKey[] = [];
  const made = canonicalHash(primitives, content);
  if (made !== hash) faults.push('explorer.fault-hash');
  const follows =
    header.previousHash === (before?.header.hash ?? ZERO32) &&
    header.number === (before === undefined ? 0 : before.header.number + 1) &&
    from === (before?.to ?? 0);
  if (!follows) faults.push('explorer.fault-previous');
  const own = leaves.slice(from, to);
  const isWhole = own.length > 0 && own.length === to - from;
  if (!isWhole || bytesToHex(rootOf(primitives, own)) !== header.merkleRoot) {
    faults.push('explorer.fault-root');
  }
  return faults;
}
