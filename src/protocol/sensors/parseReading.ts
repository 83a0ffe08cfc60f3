import { MedsealError } from '../../errors/MedsealError.ts';
import { parseJsonOf } from '../parseJsonOf.ts';
import { READING, type Reading } from './Reading.ts';
import type { ReadingsHeader } from './ReadingsHeader.ts';

/**
 * Parses a reading's line.
 *
 * @param line - The line as its device signed it; not trusted.
 * @param batch - Times of its batch, in which its own lies.
 * @throws MedsealError `READINGS_INVALID`.
 */
export function parseReading(
  line: string,
  { start, end }: Pick<ReadingsHeader, 'start' | 'end'>,
): Reading {
  const reading: Reading = parseJsonOf(READING, line, () => invalid('reading'));
  if ('period' in reading && reading.period <= 0) throw invalid('reading');
  // All values are numbers, so quotes stand around names alone: a name that is there twice would be read in two ways.
  if (line.split('"').length !== 2 * Object.keys(reading).length + 1) throw invalid('reading');
  if (reading.at < start || reading.at > end) throw invalid('time of a reading');
  return reading;
}

function invalid(what: string): MedsealError {
  return new MedsealError('READINGS_INVALID', { what });
}
