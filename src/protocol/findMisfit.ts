/**
 * What a value from outside must be like: a text that matches, a whole number from 0, a truth value, any text, a list
 * of one shape, or an object with these fields and no others.
 */
export type Shape =
  RegExp | 'count' | 'boolean' | 'text' | readonly [Shape] | { readonly [field: string]: Shape };

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
  if (shape === 'count') {
    const fits = Number.isSafeInteger(value) && (value as number) >= 0;
    return fits ? undefined : `${path} is not a number from 0`;
  }
  if (shape === 'text') return typeof value === 'string' ? undefined : `${path} is not a text`;
  if (shape === 'boolean') {
    return typeof value === 'boolean' ? undefined : `${path} is not true or false`;
  }
  if (isList(shape)) {
    if (!Array.isArray(value)) return `${path} is not a list`;
    return firstOf(value.map((item, at) => () => findMisfit(shape[0], item, `${path}[${at}]`)));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `${path} is not an object`;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(fields).find((name) => !Object.hasOwn(shape, name));
  if (unknown !== undefined) return `${path} has an unknown field`;
  return firstOf(
    Object.entries(shape).map(([name, inner]) => () => {
      if (!Object.hasOwn(fields, name)) return `${path} has no ${name}`;
      return findMisfit(inner, fields[name], `${path}.${name}`);
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
