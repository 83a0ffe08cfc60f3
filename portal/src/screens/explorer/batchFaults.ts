import { bytesToHex, hexToBytes, utf8ToBytes } from '../../../../src/crypto/bytes.ts';
import { leafHash } from '../../../../src/crypto/merkle/leafHash.ts';
import { rootOf } from '../../../../src/crypto/merkle/rootOf.ts';
import type { Primitives } from '../../../../src/crypto/Primitives.ts';
import { canonicalJson } from '../../../../src/protocol/canonicalJson.ts';
import type { LogEntry } from '../../../../src/protocol/evidence.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import type { LogBatch } from '../../../../src/protocol/LogBatch.ts';
import type { WordKey } from '../../words/WordKey.ts';

/**
 * Checks a batch's header as P1 has it: its hash, the hash of the batch before, and the Merkle root of its entries.
 *
 * @param primitives - SHA-256.
 * @param batch - The batch, not trusted.
 * @param before - The batch before it; undefined for the first.
 * @param entries - Entries of the log, by their place.
 * @returns The reasons why it is not safe.
 */
export function batchFaults(
  primitives: Pick<Primitives, 'sha256'>,
  batch: LogBatch,
  before: LogBatch | undefined,
  entries: ReadonlyMap<number, LogEntry>,
): readonly WordKey[] {
  const { header, from, to } = batch;
  const { hash, ...content } = header;
  const faults: WordKey[] = [];
  const made = bytesToHex(primitives.sha256(utf8ToBytes(canonicalJson(content))));
  if (made !== hash) faults.push('explorer.fault-hash');
  const follows =
    header.previousHash === (before?.header.hash ?? ZERO32) &&
    header.number === (before === undefined ? 0 : before.header.number + 1) &&
    from === (before?.to ?? 0);
  if (!follows) faults.push('explorer.fault-previous');
  const leaves: Uint8Array[] = [];
  for (let place = from; place < to; place++) {
    const entry = entries.get(place);
    if (entry !== undefined) leaves.push(leafHash(primitives, hexToBytes(entry.entry)));
  }
  const isWhole = leaves.length > 0 && leaves.length === to - from;
  if (!isWhole || bytesToHex(rootOf(primitives, leaves)) !== header.merkleRoot) {
    faults.push('explorer.fault-root');
  }
  return faults;
}
