/**
 * What a value from outside must be like: a text that matches, a whole number from 0, a truth value, any text, any
 * value, a list of one shape, or an object with these fields and no others. A field whose name ends with `?` may be
 * absent.
 */
export type Shape =
  | RegExp
  | 'any'
  | 'boolean'
  | 'count'
  | 'text'
  | Either
  | ListOf
  | MapOf
  | Named
  | OneOf
  | readonly [Shape]
  | { readonly [field: string]: Shape };

/** One of some words. */
export class OneOf {
  readonly words: ReadonlySet<unknown>;

  constructor(...words: readonly string[]) {
    this.words = new Set(words);
  }
}

/** A value of one of several shapes. */
export class Either {
  readonly shapes: readonly Shape[];

  constructor(...shapes: readonly Shape[]) {
    this.shapes = shapes;
  }
}

/** A list of a shape, not longer than it may be. */
export class ListOf {
  readonly shape: Shape;
  readonly longest: number;

  constructor(shape: Shape, longest: number) {
    this.shape = shape;
    this.longest = longest;
  }
}

/** An object whose field names match, with values of one shape. */
export class MapOf {
  readonly names: RegExp;
  readonly values: Shape;

  constructor(names: RegExp, values: Shape) {
    this.names = names;
    this.values = values;
  }
}

/** A shape with the name of its type. */
export class Named {
  readonly name: string;
  readonly shape: Shape;

  constructor(name: string, shape: Shape) {
    this.name = name;
    this.shape = shape;
  }
}

/** Shapes that evidence is made of; hexadecimal in its one spelling, lower case. */
export const ADDRESS = /^0x[0-9a-f]{40}$/;
export const BYTES32 = /^0x[0-9a-f]{64}$/;
export const SIGNATURE = /^0x[0-9a-f]{130}$/;

/**
 * Looks for the first part of a value that is not of its shape.
 *
 * @param shape - What it must be like.
 * @param value - What was decoded from JSON.
 * @param path - What the value is called.
 * @returns Where and what, such as `receipt.checkpoint.size is not a number`; undefined where all fits.
 */
export function findMisfit(shape: Shape, value: unknown, path: string): string | undefined {
  if (shape instanceof RegExp) {
    const fits = typeof value === 'string' && shape.test(value);
    return fits ? undefined : `${path} is not of its form`;
  }
  if (shape instanceof OneOf) {
    return shape.words.has(value) ? undefined : `${path} is none of its words`;
  }
  switch (shape) {
    case 'any':
      return undefined;
    case 'count': {
      const fits = Number.isSafeInteger(value) && (value as number) >= 0;
      return fits ? undefined : `${path} is not a number from 0`;
    }
    case 'text':
      return typeof value === 'string' ? undefined : `${path} is not a text`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `${path} is not true or false`;
  }
  if (shape instanceof Named) return findMisfit(shape.shape, value, path);
  if (shape instanceof Either) return misfitOfEither(shape, value, path);
  if (shape instanceof ListOf) return misfitOfList(shape.shape, value, path, shape.longest);
  if (isList(shape)) return misfitOfList(shape[0], value, path);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `${path} is not an object`;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  return shape instanceof MapOf
    ? misfitOfMap(shape, fields, path)
    : misfitOfFields(shape, fields, path);
}

function misfitOfEither({ shapes }: Either, value: unknown, path: string): string | undefined {
  const fits = shapes.some((shape) => findMisfit(shape, value, path) === undefined);
  return fits ? undefined : `${path} is of none of its forms`;
}

function misfitOfList(
  shape: Shape,
  value: unknown,
  path: string,
  longest = Infinity,
): string | undefined {
  if (!Array.isArray(value)) return `${path} is not a list`;
  if (value.length > longest) return `${path} is longer than ${longest}`;
  return firstOf(value.map((item, at) => () => findMisfit(shape, item, `${path}[${at}]`)));
}

function misfitOfMap(
  { names, values }: MapOf,
  fields: Readonly<Record<string, unknown>>,
  path: string,
): string | undefined {
  return firstOf(
    Object.entries(fields).map(([name, value]) => () => {
      if (!names.test(name)) return `${path} has an unknown field`;
      return findMisfit(values, value, `${path}.${name}`);
    }),
  );
}

function misfitOfFields(
  shape: Readonly<Record<string, Shape>>,
  fields: Readonly<Record<string, unknown>>,
  path: string,
): string | undefined {
  const isUnknown = (name: string): boolean =>
    name.endsWith('?') || !(Object.hasOwn(shape, name) || Object.hasOwn(shape, `${name}?`));
  if (Object.keys(fields).some(isUnknown)) return `${path} has an unknown field`;
  return firstOf(
    Object.entries(shape).map(([given, inner]) => () => {
      const name = given.replace(/\?$/, '');
      if (Object.hasOwn(fields, name)) return findMisfit(inner, fields[name], `${path}.${name}`);
      return given.endsWith('?') ? undefined : `${path} has no ${name}`;
    }),
  );
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function firstOf(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const misfit = check();
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}
