import { utf8ToBytes } from '../crypto/bytes.ts';
import { exactJson } from './exactJson.ts';
import type { PartContent } from './Part.ts';

/**
 * A part's content as the bytes that are sealed: canonical JSON in UTF-8, but each number as it was
 * written.
 *
 * @param content - Of one part.
 */
export function encodePart(content: PartContent): Uint8Array {
  return utf8ToBytes(exactJson(content));
}
