import { findShapeError, type Shape } from './findShapeError.ts';
import type { Of } from '../struct/Of.ts';

/**
 * Parses a value from outside: returns it, with the type of its shape.
 *
 * @param shape - Shape that it must have.
 * @param value - Value, decoded from JSON.
 * @param path - Name of the value.
 * @param refuse - Makes the error from the sentence of `findShapeError`.
 * @throws The error of `refuse` if the value does not fit.
 */
export function parseShape<const S extends Shape>(
  shape: S,
  value: unknown,
  path: string,
  refuse: (misfit: string) => Error,
): Of<S> {
  const misfit = findShapeError(shape, value, path);
  if (misfit !== undefined) throw refuse(misfit);
  return value as Of<S>;
}
