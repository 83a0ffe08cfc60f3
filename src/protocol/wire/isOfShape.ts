import { findShapeError, type Shape } from './findShapeError.ts';
import type { Of } from '../struct/Of.ts';

/**
 * Tells whether a value has a shape.
 *
 * @param shape - The shape.
 * @param value - Value, decoded from JSON.
 */
export function isOfShape<const S extends Shape>(shape: S, value: unknown): value is Of<S> {
  return findShapeError(shape, value, 'it') === undefined;
}
