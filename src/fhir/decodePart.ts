import { MedsealError } from '../errors/MedsealError.ts';
import { parseFhirJson } from './parseFhirJson.ts';
import { parsePart } from './parsePart.ts';
import type { PartContent } from './Part.ts';

/**
 * Parses the bytes of an opened record as a part's content.
 *
 * @param bytes - JSON in UTF-8.
 * @throws MedsealError `PARTS_UNFIT` if it is not the content of a part, or has a name twice.
 */
export function decodePart(bytes: Uint8Array): PartContent {
  return parsePart(decode(bytes));
}

function decode(bytes: Uint8Array): unknown {
  try {
    return parseFhirJson(bytes);
  } catch {
    // The cause is left out: it tells names of the content.
    throw new MedsealError('PARTS_UNFIT', { reason: 'one of them is malformed' });
  }
}
