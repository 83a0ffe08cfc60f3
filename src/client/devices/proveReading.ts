import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { ReadingProof } from '../../protocol/sensors/ReadingProof.ts';
import { verifyReading } from '../../protocol/sensors/verifyReading.ts';
import { fetchReceipt, type ReceiptOptions } from '../audit/fetchReceipt.ts';
import type { Party } from '../party/Party.ts';
import type { BatchRead } from './readReadings.ts';

/**
 * Proves one reading of a batch to somebody who is to see no other: the receipt of the batch's entry, the reading's line,
 * and its place in the tree that the device signed. It waits for the receipt, and verifies the proof.
 *
 * @param party - A party that opened the batch.
 * @param batch - The batch, as `readReadings` gives it.
 * @param place - Place of the reading in the batch, from 0.
 * @param options - See `ReceiptOptions`.
 * @throws MedsealError why the batch was not opened; `NOT_FOUND` if it has no such reading; as `fetchReceipt` does.
 * @example
 * ```ts
 * const span = { from: Date.now() - 600_000, until: Date.now() };
 * for (const { batches } of await readReadings(patient, chart, span)) {
 *   for (const batch of batches) {
 *     const proof = await proveReading(patient, batch, 0);
 *     console.log(proof.line, formatEvidenceFile(proof).length);
 *   }
 * }
 * ```
 */
export async function proveReading(
  party: Party,
  batch: BatchRead,
  place: number,
  options: ReceiptOptions = {},
): Promise<ReadingProof> {
  if ('error' in batch) throw batch.error;
  const lines = batch.readings.map(({ line }) => line);
  const line = lines[place];
  if (line === undefined) throw new MedsealError('NOT_FOUND', { what: 'reading' });
  const { primitives, network } = party;
  const leaves = lines.map((each) => leafHash(primitives, utf8ToBytes(each)));
  const proof: ReadingProof = {
    format: 'medseal-reading/1',
    receipt: await fetchReceipt(party, batch.record.acknowledgement, options),
    place,
    line,
    inclusion: memoryTree(primitives, leaves).inclusion(place).map(bytesToHex),
  };
  verifyReading(party, network, proof);
  return proof;
}
