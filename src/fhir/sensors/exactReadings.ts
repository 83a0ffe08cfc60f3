import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { parseReading } from '../../protocol/sensors/parseReading.ts';
import type { Reading } from '../../protocol/sensors/Reading.ts';
import type { ReadingsHeader } from '../../protocol/sensors/ReadingsHeader.ts';
import { parseFhirJson } from '../parseFhirJson.ts';

/**
 * Parses the lines of a batch so that FHIR writes each number as its device wrote it.
 *
 * @param batch - Times of the batch.
 * @param lines - Its readings, in their order.
 * @throws MedsealError `READINGS_INVALID`: a line is not a reading, has a name twice, or its time lies outside the batch.
 */
export function exactReadings(
  batch: Pick<ReadingsHeader, 'start' | 'end'>,
  lines: readonly string[],
): readonly Reading[] {
  return lines.map((line) => {
    parseReading(line, batch);
    try {
      return parseFhirJson(utf8ToBytes(line)) as Reading;
    } catch {
      throw new MedsealError('READINGS_INVALID', { what: 'reading' });
    }
  });
}
