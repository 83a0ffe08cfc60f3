/** Depth to which values are copied by hand; a deeper one may contain itself, which JSON detects. */
const DEPTH = 32;

/**
 * Copies a value as a round trip through JSON would, in a fraction of the time: strings are shared, not encoded.
 *
 * @param value - Anything; undefined stays undefined.
 * @throws TypeError, SyntaxError if JSON cannot represent it.
 */
export function jsonCopy(value: unknown): unknown {
  return value === undefined ? undefined : copyOf(value, 0);
}

function copyOf(value: unknown, depth: number): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  // JSON has neither -0 nor NaN.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (typeof value !== 'object' || depth === DEPTH || 'toJSON' in value) return throughJson(value);
  if (Array.isArray(value)) return Array.from(value, (each) => copyOfElement(each, depth + 1));
  return isPlain(value) ? copyOfObject(value, depth + 1) : throughJson(value);
}

function copyOfElement(value: unknown, depth: number): unknown {
  return hasJson(value) ? copyOf(value, depth) : null;
}

function copyOfObject(value: object, depth: number): unknown {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return throughJson(value);
    const each = (value as Readonly<Record<string, unknown>>)[key];
    if (hasJson(each)) copy[key] = copyOf(each, depth);
  }
  return copy;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function hasJson(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}

function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
