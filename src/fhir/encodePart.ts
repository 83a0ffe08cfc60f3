import { utf8ToBytes } from '../crypto/bytes.ts';
import { canonicalJson } from '../protocol/canonicalJson.ts';
import type { PartContent } from './Part.ts';

/**
 * A part's content as the bytes that are sealed: canonical JSON in UTF-8.
 *
 * @param content - Of one part.
 */
export function encodePart(content: PartContent): Uint8Array {
  return utf8ToBytes(canonicalJson(content));
}
