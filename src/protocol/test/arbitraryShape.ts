import * as fc from 'fast-check';
import {
  CountBelow,
  Either,
  ListOf,
  MapOf,
  Named,
  OneOf,
  type Shape,
} from '../wire/findShapeError.ts';

/** Arbitraries by pattern: to make one takes longer than to draw a hundred values from it, and few shapes have their own. */
const ofPatterns = new Map<string, fc.Arbitrary<string>>();

function matching(pattern: RegExp, size?: 'xsmall'): fc.Arbitrary<string> {
  const name = `${String(pattern)} ${size}`;
  const known = ofPatterns.get(name) ?? fc.stringMatching(pattern, { ...(size && { size }) });
  ofPatterns.set(name, known);
  return known;
}

/** Values of a shape. */
export function arbitraryOf(shape: Shape): fc.Arbitrary<unknown> {
  if (shape instanceof RegExp) return matching(shape, 'xsmall');
  if (shape === 'any') return fc.jsonValue();
  if (shape === 'boolean') return fc.boolean();
  if (shape === 'text') return fc.string({ unit: 'grapheme' });
  if (shape === 'count') return fc.maxSafeNat();
  if (shape instanceof CountBelow) return fc.nat({ max: shape.limit - 1 });
  if (shape === 'number') return fc.double({ noNaN: true, noDefaultInfinity: true });
  if (shape instanceof OneOf) return fc.constantFrom(...shape.words);
  if (shape instanceof Named) return arbitraryOf(shape.shape);
  if (shape instanceof Either) return fc.oneof(...shape.shapes.map(arbitraryOf));
  if (shape instanceof ListOf)
    return listOf(shape.shape, Math.min(shape.longest, 3), shape.shortest);
  if (shape instanceof MapOf) {
    return fc.dictionary(matching(shape.names), arbitraryOf(shape.values), { maxKeys: 3 });
  }
  if (Array.isArray(shape)) return listOf((shape as readonly [Shape])[0], 3);
  const fields = Object.entries(shape as Readonly<Record<string, Shape>>);
  const requiredKeys = fields.map(([name]) => name).filter((name) => !name.endsWith('?'));
  const model = fields.map(([name, of]) => [name.replace(/\?$/, ''), arbitraryOf(of)] as const);
  return fc.record(Object.fromEntries(model), { requiredKeys, noNullPrototype: true });
}

function listOf(shape: Shape, maxLength: number, minLength = 0): fc.Arbitrary<unknown> {
  return fc.array(arbitraryOf(shape), { minLength, maxLength });
}

/** Values that were of a shape until something in them was changed; some still are. */
export function alteredOf(shape: Shape): fc.Arbitrary<unknown> {
  const change = fc.record({
    steps: fc.array(fc.nat(), { maxLength: 6 }),
    kind: fc.constantFrom('replace', 'remove', 'add', 'repeat'),
    junk: fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom('', '0x', -1, 1.5, 2 ** 24, 2 ** 53, null, [], {}, '__proto__', '0X00'),
      fc.string({ minLength: 90, maxLength: 100, unit: 'grapheme' }),
    ),
  });
  return fc.tuple(arbitraryOf(shape), change).map(([value, { steps, kind, junk }]) => {
    const copy = structuredClone(value);
    return (
      alter(copy, steps, (parent, key) => {
        if (kind === 'remove' && Array.isArray(parent)) parent.splice(Number(key), 1);
        else if (kind === 'remove') delete (parent as Record<string, unknown>)[key];
        else if (kind === 'add') (parent as Record<string, unknown>)['another'] = junk;
        else if (kind === 'repeat' && Array.isArray(parent)) parent.push(...parent);
        else (parent as Record<string, unknown>)[key] = junk;
      }) ?? junk
    );
  });
}

/** Walks down into a value and changes what is there. */
function alter(
  value: unknown,
  [step = 0, ...rest]: readonly number[],
  change: (parent: object, key: string) => void,
): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(keys.length, 1)];
  if (key === undefined) return undefined;
  const inner = rest.length > 0 && alter((value as Record<string, unknown>)[key], rest, change);
  if (inner === undefined || inner === false) change(value, key);
  return value;
}
