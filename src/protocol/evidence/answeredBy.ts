import { ZERO32, type RecordId } from '../ids.ts';
import type { Write } from '../struct/requests.ts';

/** One more than the largest id. */
const END = 1n << 256n;

/**
 * Returns the id of the record that answers another one beside the same record: an objection's answer, a statement of
 * disagreement with that answer, and so on. Ids are random, so the next one is free, and one answer alone can have it.
 *
 * @param record - The record that is answered.
 */
export function answerTo(record: RecordId): RecordId {
  return shifted(record, 1n);
}

/**
 * Returns the first version of what a write answers, if it is an answer: whoever relies on a right puts beside a record only an answer
 * to the patient, and the patient, who needs no right, an objection.
 *
 * @param write - The write.
 * @returns Undefined for any other write.
 */
export function answeredBy(
  write: Write,
): Pick<Write, 'log' | 'handle' | 'record' | 'version'> | undefined {
  const { log, handle, record, action, about, grant } = write;
  if (action !== 'add' || about === ZERO32 || grant === ZERO32) return undefined;
  return { log, handle, record: shifted(record, -1n), version: 1 };
}

function shifted(record: RecordId, by: bigint): RecordId {
  return `0x${((BigInt(record) + by + END) % END).toString(16).padStart(64, '0')}`;
}
