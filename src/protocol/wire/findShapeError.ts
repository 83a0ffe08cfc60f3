import type { Address, Bytes32, Hex } from '../ids.ts';

/**
 * Shape of a value from outside: a text that matches, a whole number from 0, any number, a truth value, any text, any
 * value, a list of one shape, or an object with these fields and no others. A field whose name ends with `?` may be absent. `Of` is
 * the type of its values.
 */
export type Shape =
  | RegExp
  | 'any'
  | 'boolean'
  | 'count'
  | 'number'
  | 'text'
  | CountBelow
  | Either
  | ListOf
  | MapOf
  | Named
  | OneOf
  | readonly [Shape]
  | { readonly [field: string]: Shape };

/** A pattern whose matches have a narrower type than `string`. */
export type Pattern<Text extends string> = RegExp & { readonly matches?: Text };

/** A value that stands for itself. */
type Literal = string | boolean | null;

/** One of some words, a truth value or nothing if `true`, `false` or `null` is one of them. */
export class OneOf<const Word extends Literal = Literal> {
  readonly words: ReadonlySet<Word>;

  constructor(...words: readonly Word[]) {
    this.words = new Set(words);
  }
}

/** A value of one of several shapes. */
export class Either<const Shapes extends readonly Shape[] = readonly Shape[], Type = unknown> {
  readonly shapes: Shapes;
  /** Type of the values; there is no such field. */
  declare readonly type: Type;

  constructor(...shapes: Shapes) {
    this.shapes = shapes;
  }
}

/** A whole number from 0 that is smaller than a limit. */
export class CountBelow {
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }
}

/** A list of a shape, neither longer nor shorter than it may be. */
export class ListOf<const Item extends Shape = Shape> {
  readonly shape: Item;
  readonly longest: number;
  readonly shortest: number;

  constructor(shape: Item, longest: number, shortest = 0) {
    this.shape = shape;
    this.longest = longest;
    this.shortest = shortest;
  }
}

/** An object whose field names match, with values of one shape. */
export class MapOf<const Value extends Shape = Shape> {
  readonly names: RegExp;
  readonly values: Value;

  constructor(names: RegExp, values: Value) {
    this.names = names;
    this.values = values;
  }
}

/** A shape with the name of its type. */
export class Named<const Inner extends Shape = Shape, Type = unknown> {
  readonly name: string;
  readonly shape: Inner;
  /** Type of the values; there is no such field. */
  declare readonly type: Type;

  constructor(name: string, shape: Inner) {
    this.name = name;
    this.shape = shape;
  }
}

/** Shapes that evidence is made of; hexadecimal in its one spelling, lower case. */
export const ADDRESS: Pattern<Address> = /^0x[0-9a-f]{40}$/;
export const BYTES32: Pattern<Bytes32> = /^0x[0-9a-f]{64}$/;
export const SIGNATURE: Pattern<Hex> = /^0x[0-9a-f]{130}$/;

/**
 * Finds the first part of a value that does not have its shape.
 *
 * @param shape - Shape that it must have.
 * @param value - Value, decoded from JSON.
 * @param path - Name of the value.
 * @returns Sentence with the path, such as `receipt.checkpoint.size is not a number`; undefined if the value fits.
 */
export function findShapeError(shape: Shape, value: unknown, path: string): string | undefined {
  const misfit = misfitIn(shape, value);
  return misfit === undefined ? undefined : path + misfit;
}

/** Returns the message of `findShapeError` below the value's own name: most values fit, and need no path. */
function misfitIn(shape: Shape, value: unknown): string | undefined {
  if (shape instanceof RegExp) {
    const fits = typeof value === 'string' && shape.test(value);
    return fits ? undefined : ' is not of its form';
  }
  if (shape instanceof OneOf) {
    return (shape.words as ReadonlySet<unknown>).has(value)
      ? undefined
      : ' is not one of its words';
  }
  switch (shape) {
    case 'any':
      return undefined;
    case 'count':
      return isCount(value) ? undefined : ' is not a number from 0';
    case 'number':
      return Number.isFinite(value) ? undefined : ' is not a number';
    case 'text':
      return typeof value === 'string' ? undefined : ' is not a text';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : ' is not true or false';
  }
  if (shape instanceof CountBelow) {
    const fits = isCount(value) && value < shape.limit;
    return fits ? undefined : ` is not a number from 0 to ${shape.limit - 1}`;
  }
  if (shape instanceof Named) return misfitIn(shape.shape, value);
  if (shape instanceof Either) {
    const fits = shape.shapes.some((each) => misfitIn(each, value) === undefined);
    return fits ? undefined : ' is of none of its forms';
  }
  if (shape instanceof ListOf) return misfitInList(shape.shape, value, shape);
  if (isList(shape)) return misfitInList(shape[0], value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return ' is not an object';
  }
  const fields = value as Readonly<Record<string, unknown>>;
  return shape instanceof MapOf ? misfitInMap(shape, fields) : misfitInFields(shape, fields);
}

function misfitInList(
  shape: Shape,
  value: unknown,
  { longest, shortest } = { longest: Infinity, shortest: 0 },
): string | undefined {
  if (!Array.isArray(value)) return ' is not a list';
  if (value.length > longest) return ` is longer than ${longest}`;
  if (value.length < shortest) return ` is shorter than ${shortest}`;
  for (let at = 0; at < value.length; at++) {
    const misfit = misfitIn(shape, value[at]);
    if (misfit !== undefined) return `[${at}]${misfit}`;
  }
  return undefined;
}

function misfitInMap(
  { names, values }: MapOf,
  fields: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const [name, value] of Object.entries(fields)) {
    if (!names.test(name)) return ' has an unknown field';
    const misfit = misfitIn(values, value);
    if (misfit !== undefined) return `.${name}${misfit}`;
  }
  return undefined;
}

function misfitInFields(
  shape: Readonly<Record<string, Shape>>,
  fields: Readonly<Record<string, unknown>>,
): string | undefined {
  const known = fieldsOf(shape);
  for (const name of Object.keys(fields)) {
    if (!known.has(name)) return ' has an unknown field';
  }
  for (const [name, { inner, optional }] of known) {
    if (!Object.hasOwn(fields, name)) {
      if (!optional) return ` has no ${name}`;
      continue;
    }
    const misfit = misfitIn(inner, fields[name]);
    if (misfit !== undefined) return `.${name}${misfit}`;
  }
  return undefined;
}

interface FieldShape {
  readonly inner: Shape;
  readonly optional: boolean;
}

const fieldsOfShapes = new WeakMap<object, ReadonlyMap<string, FieldShape>>();

function fieldsOf(shape: Readonly<Record<string, Shape>>): ReadonlyMap<string, FieldShape> {
  const known = fieldsOfShapes.get(shape);
  if (known !== undefined) return known;
  const fields = new Map(
    Object.entries(shape).map(([given, inner]) => {
      const optional = given.endsWith('?');
      return [optional ? given.slice(0, -1) : given, { inner, optional }];
    }),
  );
  fieldsOfShapes.set(shape, fields);
  return fields;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}
