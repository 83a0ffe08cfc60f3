import { bytesToUtf8 } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { parsePart } from './parsePart.ts';
import type { PartContent } from './Part.ts';

/**
 * Takes the bytes of an opened record as a part's content.
 *
 * @param bytes - JSON in UTF-8.
 * @throws MedsealError `PARTS_UNFIT` where it is not the content of a part.
 */
export function decodePart(bytes: Uint8Array): PartContent {
  return parsePart(decode(bytes));
}

function decode(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(bytesToUtf8(bytes));
  } catch {
    // The cause is left out: a syntax error quotes the text.
    throw new MedsealError('PARTS_UNFIT', { reason: 'one is not of the form of a part' });
  }
}
