import {
  CountBelow,
  Either,
  ListOf,
  MapOf,
  Named,
  OneOf,
  type Shape,
} from '../src/protocol/wire/findShapeError.ts';

/** A JSON Schema (draft 2020-12), as OpenAPI 3.1 has them. */
export type Schema = Readonly<Record<string, unknown>>;

/**
 * A shape as a JSON Schema. A named shape is a reference.
 *
 * @param shape - The shape.
 * @param define - Told of each named shape that is referred to.
 */
export function schemaOf(shape: Shape, define: (named: Named) => void): Schema {
  const inner = (of: Shape): Schema => schemaOf(of, define);
  if (shape instanceof RegExp) return { type: 'string', pattern: shape.source };
  if (shape === 'any') return {};
  if (shape === 'boolean') return { type: 'boolean' };
  if (shape === 'text') return { type: 'string' };
  if (shape instanceof CountBelow) {
    return { type: 'integer', minimum: 0, maximum: shape.limit - 1 };
  }
  if (shape === 'count') return { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
  if (shape === 'number') return { type: 'number' };
  if (shape instanceof OneOf) {
    const words = [...shape.words];
    return words.length === 1 ? { const: words[0] } : { enum: words };
  }
  if (shape instanceof Named) {
    define(shape);
    return { $ref: `#/components/schemas/${shape.name}` };
  }
  if (shape instanceof Either) return { anyOf: shape.shapes.map(inner) };
  if (shape instanceof ListOf) {
    const { longest, shortest } = shape;
    const least = shortest > 0 && { minItems: shortest };
    return { type: 'array', items: inner(shape.shape), ...least, maxItems: longest };
  }
  if (shape instanceof MapOf) {
    const propertyNames = { pattern: shape.names.source };
    return { type: 'object', propertyNames, additionalProperties: inner(shape.values) };
  }
  if (Array.isArray(shape)) return { type: 'array', items: inner((shape as readonly [Shape])[0]) };
  const fields = Object.entries(shape as Readonly<Record<string, Shape>>);
  const properties = fields.map(([name, of]) => [name.replace(/\?$/, ''), inner(of)] as const);
  const required = fields.map(([name]) => name).filter((name) => !name.endsWith('?'));
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}
