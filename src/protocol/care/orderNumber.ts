import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Bytes32 } from '../ids.ts';
import type { PrescriptionTerms } from './prescriptions.ts';

const LABEL = 'medseal order';

/**
 * The number that stands on the ledger for a record on a chart, so that one prescription rests on it. Whoever sees the
 * record's entry can make it, also the patient, who so finds every prescription; from the number alone nobody can tell
 * which chart or record it is, since a record's id is random. Another version of the record has the same number.
 *
 * @param primitives - Keccak-256.
 * @param terms - The chart's handle and the record's id.
 */
export function orderNumber(
  primitives: Pick<Primitives, 'keccak256'>,
  { handle, record }: Pick<PrescriptionTerms, 'handle' | 'record'>,
): Bytes32 {
  const parts = [utf8ToBytes(LABEL), hexToBytes(handle), hexToBytes(record)];
  return bytesToHex(primitives.keccak256(concatBytes(...parts)));
}
