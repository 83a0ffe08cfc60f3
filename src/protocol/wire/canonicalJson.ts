import canonicalize from 'canonicalize';
import { MedsealError } from '../../errors/MedsealError.ts';

/**
 * Returns a value as canonical JSON (RFC 8785), the form in which it is hashed.
 *
 * @param value - Value that JSON can carry.
 * @throws MedsealError `REQUEST_MALFORMED` for another value (a cycle, NaN, a function).
 */
export function canonicalJson(value: unknown): string {
  try {
    const text = quickly(value) ?? canonicalize(value);
    if (text !== undefined) return text;
  } catch (cause) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'JSON' }, { cause });
  }
  throw new MedsealError('REQUEST_MALFORMED', { what: 'JSON' });
}

/**
 * Returns the canonical form as the platform writes it, once names are in order: it writes numbers and texts as RFC
 * 8785 has them (§3.2.2). This takes a fifth of the time. Undefined if the library must decide.
 */
function quickly(value: unknown): string | undefined {
  const ordered = inOrder(value);
  return ordered === undefined ? undefined : JSON.stringify(ordered);
}

/** Names that the platform puts first whatever the order, and the one that is not a field. */
const UNORDERED = /^(?:\d|__proto__$)/;

/** Returns plain data with its names in order; undefined for other values. */
function inOrder(value: unknown): unknown {
  if (typeof value === 'string') return value.isWellFormed() ? value : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object') return undefined;
  return Array.isArray(value) ? itemsInOrder(value) : fieldsInOrder(value);
}

function itemsInOrder(items: readonly unknown[]): unknown {
  const ordered: unknown[] = [];
  for (const item of items) {
    const inner = inOrder(item);
    if (inner === undefined) return undefined;
    ordered.push(inner);
  }
  return ordered;
}

function fieldsInOrder(fields: object): unknown {
  const prototype: unknown = Object.getPrototypeOf(fields);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  if ('toJSON' in fields) return undefined;
  const ordered: Record<string, unknown> = {};
  for (const name of Object.keys(fields).toSorted()) {
    if (UNORDERED.test(name) || !name.isWellFormed()) return undefined;
    const inner = inOrder((fields as Readonly<Record<string, unknown>>)[name]);
    if (inner === undefined) return undefined;
    ordered[name] = inner;
  }
  return ordered;
}
