import type { Shape } from '../protocol/wire/findShapeError.ts';
import type { Of } from '../protocol/struct/Of.ts';
import { parseShape } from '../protocol/wire/parseShape.ts';

/**
 * Parses a row that was written as JSON.
 *
 * @param shape - Shape of its content.
 * @param text - The row.
 * @throws RangeError if it was altered.
 */
export function parseRow<const S extends Shape>(shape: S, text: string): Of<S> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new RangeError('a row was altered', { cause });
  }
  return parseShape(shape, content, 'it', (misfit) => {
    return new RangeError(`a row was altered: ${misfit}`);
  });
}
