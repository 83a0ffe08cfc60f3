import { ZERO32, type RecordId } from '../ids.ts';
import type { Write } from '../struct/requests.ts';

/**
 * Returns the record whose right covers a version: an objection is read by those who may read what it is about.
 *
 * @param version - A version, as its entry says.
 */
export function coveredRecord({ record, about }: Pick<Write, 'record' | 'about'>): RecordId {
  return about === ZERO32 ? record : about;
}
