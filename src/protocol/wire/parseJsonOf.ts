import { utf8ToBytes } from '../../crypto/bytes.ts';
import { parseJsonBytes } from '../../crypto/parseJsonBytes.ts';
import type { Shape } from './findShapeError.ts';
import { jsonLimitsOf } from './jsonLimitsOf.ts';
import type { Of } from '../struct/Of.ts';
import { parseShape } from './parseShape.ts';

/**
 * Parses a text from outside as JSON of a shape, within the limits of the shape.
 *
 * @param shape - Shape that its value must have.
 * @param text - The text.
 * @param refuse - Makes the error for any other text.
 * @throws The error of `refuse`.
 */
export function parseJsonOf<const S extends Shape>(
  shape: S,
  text: string,
  refuse: () => Error,
): Of<S> {
  let value: unknown;
  try {
    const bytes = utf8ToBytes(text);
    value = parseJsonBytes(bytes, jsonLimitsOf(shape, bytes.length));
  } catch {
    throw refuse();
  }
  return parseShape(shape, value, 'it', refuse);
}
