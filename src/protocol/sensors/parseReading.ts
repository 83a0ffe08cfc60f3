import { MedsealError } from '../../errors/MedsealError.ts';
import { parseJsonOf } from '../wire/parseJsonOf.ts';
import { READING, type Reading } from './Reading.ts';
import type { ReadingsHeader } from './ReadingsHeader.ts';

/** Largest value, without its sign. */
const MOST = Number.MAX_SAFE_INTEGER;
/** Longest piece of a curve in milliseconds: a day. */
const LONGEST = 86_400_000;

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
  if (!isUsable(reading)) throw invalid('reading');
  return reading;
}

/** Tells whether a reading can be dated, drawn and exported: nothing of it overflows. */
function isUsable(reading: Reading): boolean {
  if ('value' in reading) return Math.abs(reading.value) <= MOST;
  const { data, period, factor, origin = 0 } = reading;
  if (data.length * period > LONGEST) return false;
  return [origin, factor]
    .concat(data.map((each) => origin + each * factor))
    .every((value) => Math.abs(value) <= MOST);
}

function invalid(what: string): MedsealError {
  return new MedsealError('READINGS_INVALID', { what });
}
