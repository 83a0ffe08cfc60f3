import { isMedsealError, partIn, type ChartRecord } from '../../../src/client/index.ts';

/**
 * Sees whether the plaintext of a record is a part of a FHIR bundle. A file that only looks like a part is the file that it
 * is.
 *
 * @param content - The plaintext.
 * @param record - The record version.
 * @returns The part; undefined for a file.
 */
export function partOfRecord(content: Uint8Array, record: ChartRecord): ReturnType<typeof partIn> {
  try {
    return partIn(content, record);
  } catch (error) {
    if (isMedsealError(error)) return undefined;
    throw error;
  }
}
