import { utf8ToBytes } from '../../crypto/bytes.ts';

/**
 * Words that stand in every plain batch of readings, or in the FHIR bundle of it, of whatever device: six characters at least,
 * as four can stand in base64 of a sealed batch by chance.
 */
const WORDS = [
  '"code":1',
  '"value":',
  '149530',
  '150456',
  'Observation',
  'valueQuantity',
  '"/min"',
];

/**
 * Returns what somebody can read of readings in bytes that passed: lines, values with their codes, words of the format, and
 * all of these in base64, at whichever place of a group they begin.
 *
 * @param seen - The bytes, one a character.
 * @param lines - Lines of the readings.
 */
export function readableIn(seen: readonly string[], lines: readonly string[]): readonly string[] {
  const wanted = [...WORDS, ...lines, ...lines.map((line) => line.slice(line.indexOf('"code"')))];
  return wanted.filter((word) => {
    const forms = [word, ...base64Of(word)];
    return seen.some((bytes) => forms.some((form) => bytes.includes(form)));
  });
}

/** The groups of base64 that a text makes for sure, for each place of a group that it can begin at. */
function base64Of(text: string): readonly string[] {
  if (text.length < 8) return [];
  return [0, 1, 2].map((skipped) => {
    const bytes = utf8ToBytes(text).subarray(skipped);
    const whole = bytes.length - (bytes.length % 3);
    return Buffer.from(bytes.subarray(0, whole)).toString('base64');
  });
}
