import type { JsonLimits } from '../../crypto/parseJsonBytes.ts';
import { CountBelow, Either, ListOf, MapOf, Named, OneOf, type Shape } from './findShapeError.ts';
import { textLengths } from './textLengths.ts';

/** Sizes of the values of a shape in JSON. */
interface Measure {
  /** The most bytes, spaces between them included; `Infinity` if the shape sets no limit. */
  readonly bytes: number;
  /** The most values; `Infinity` too. */
  readonly values: number;
  /** The smallest of them: its bytes and values. */
  readonly least: { readonly bytes: number; readonly values: number };
  /** The most values that each further byte adds. */
  readonly slope: number;
  readonly names: ReadonlySet<string>;
  /** True if something in it has no shape, or is a map: its names are free. */
  readonly free: boolean;
}

/** Bytes around a value: its comma, and a line and its indent if a person is to read it. */
const AROUND = 64;
/** Names and values beyond those of a shape: a newer version may add fields, which readers then judge. */
const ADDED = 64;
/** Values and names of all parts together that have no shape. JSON at these limits is parsed in less than 100 ms. */
const FREE = { values: 2 ** 18, names: 1024 } as const;
/** No answer has more values: JSON with so many is parsed in a second. */
const MOST_VALUES = 2 ** 22;
const NO_NAMES: ReadonlySet<string> = new Set();

/**
 * Returns the limits of the JSON of a shape: a text that is over them can be refused before anything is made of it.
 *
 * @param shape - Shape that the value must have.
 * @param most - The most bytes, whatever the shape allows.
 */
export function jsonLimitsOf(shape: Shape, most: number): JsonLimits {
  const { bytes, values, least, slope, names, free } = measureOf(shape);
  const limit = Math.min(bytes + AROUND, most);
  const fitting = least.values + slope * Math.max(0, limit - least.bytes);
  return {
    bytes: limit,
    values: Math.ceil(Math.min(values, fitting, MOST_VALUES)) + ADDED + (free ? FREE.values : 0),
    names: names.size + ADDED + (free ? FREE.names : 0),
  };
}

const measures = new WeakMap<object, Measure>();

function measureOf(shape: Shape): Measure {
  if (typeof shape === 'string') return measured(shape);
  const known = measures.get(shape) ?? measured(shape);
  measures.set(shape, known);
  return known;
}

function measured(shape: Shape): Measure {
  if (shape instanceof RegExp) {
    const { least, most } = textLengths(shape);
    return leaf(least + 2, most + 2);
  }
  if (shape instanceof OneOf) {
    const lengths = [...shape.words].map((word) => JSON.stringify(word).length);
    return leaf(Math.min(...lengths), Math.max(...lengths));
  }
  if (shape instanceof CountBelow) return leaf(1, String(shape.limit).length);
  switch (shape) {
    case 'any':
      // Its values are counted apart.
      return { ...leaf(1, Infinity), free: true };
    case 'boolean':
      return leaf(4, 5);
    case 'count':
      return leaf(1, 16);
    case 'number':
      return leaf(1, 25);
    case 'text':
      return leaf(2, Infinity);
  }
  if (shape instanceof Named) return measureOf(shape.shape);
  if (shape instanceof Either) return either(shape.shapes.map(measureOf));
  if (shape instanceof ListOf) return listOf(measureOf(shape.shape), shape);
  if (shape instanceof MapOf) return { ...leaf(2, Infinity), free: true };
  if (Array.isArray(shape)) return listOf(measureOf((shape as readonly [Shape])[0]));
  return object(shape as Readonly<Record<string, Shape>>);
}

function leaf(least: number, most: number): Measure {
  const sizes = { least: { bytes: least, values: 1 }, bytes: most + AROUND, values: 1 };
  return { ...sizes, slope: 0, names: NO_NAMES, free: false };
}

function either(shapes: readonly Measure[]): Measure {
  const leastOf = (pick: (measure: Measure) => number): number => Math.min(...shapes.map(pick));
  const mostOf = (pick: (measure: Measure) => number): number => Math.max(...shapes.map(pick));
  return {
    bytes: mostOf(({ bytes }) => bytes),
    values: mostOf(({ values }) => values),
    // The values of one and the bytes of another: more than any has.
    least: {
      bytes: leastOf(({ least }) => least.bytes),
      values: mostOf(({ least }) => least.values),
    },
    slope: mostOf(({ slope }) => slope),
    names: namesOf(shapes),
    free: shapes.some(({ free }) => free),
  };
}

function listOf(
  item: Measure,
  { longest, shortest }: Pick<ListOf, 'longest' | 'shortest'> = { longest: Infinity, shortest: 0 },
): Measure {
  return {
    bytes: longest === 0 ? 2 + AROUND : 2 + AROUND + longest * item.bytes,
    values: 1 + longest * item.values,
    least: {
      bytes: 2 + shortest * item.least.bytes,
      values: 1 + shortest * item.least.values,
    },
    slope: Math.max(item.slope, item.least.values / (item.least.bytes + 1)),
    names: item.names,
    free: item.free,
  };
}

function object(shape: Readonly<Record<string, Shape>>): Measure {
  let [bytes, values, slope, free] = [2 + AROUND, 1, 0, false];
  const least = { bytes: 2, values: 1 };
  const names = new Set<string>();
  for (const [given, inner] of Object.entries(shape)) {
    const name = given.replace(/\?$/, '');
    const measure = measureOf(inner);
    const named = name.length + 3;
    bytes += named + AROUND + measure.bytes;
    values += measure.values;
    free ||= measure.free;
    slope = Math.max(slope, measure.slope);
    if (given === name) {
      least.bytes += named + measure.least.bytes;
      least.values += measure.least.values;
    } else {
      slope = Math.max(slope, measure.least.values / (named + measure.least.bytes));
    }
    for (const each of [name, ...measure.names]) names.add(each);
  }
  return { bytes, values, least, slope, names, free };
}

function namesOf(measures: readonly Measure[]): ReadonlySet<string> {
  return new Set(measures.flatMap(({ names }) => [...names]));
}
