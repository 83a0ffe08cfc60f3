import { Named, type Shape } from '../wire/findShapeError.ts';
import type { Of, Same } from '../struct/Of.ts';

/** Fields at which the values of a shape differ from a type. */
interface Differs<Field> {
  readonly 'the shape and the type differ in': Field;
}

type Differing<A, B> = {
  [Name in keyof A | keyof B]: Name extends keyof A & keyof B
    ? Same<Pick<A, Name>, Pick<B, Name>> extends true
      ? never
      : Name
    : Name;
}[keyof A | keyof B];

/**
 * Makes the shape of a type that is written out with its docs; it does not compile unless the values of the shape are
 * those of the type.
 *
 * @param name - Name of the type in the API’s description.
 * @returns Function that takes the shape and gives it the name.
 */
export function shapeOfType<Type>(
  name: string,
): <const S extends Shape>(
  shape: S & (Same<Of<S>, Type> extends true ? unknown : Differs<Differing<Of<S>, Type>>),
) => Named<S, Type> {
  return (shape) => new Named(name, shape);
}
