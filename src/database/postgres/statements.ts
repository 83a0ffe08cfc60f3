import type { QueryArrayConfig } from 'pg';
import { BYTEA, byteaArray } from './byteaArray.ts';

/** Range of keys, as a database is asked for it. */
export interface KeyRange {
  readonly gt?: Uint8Array;
  readonly gte?: Uint8Array;
  readonly lt?: Uint8Array;
  readonly lte?: Uint8Array;
  readonly reverse?: boolean;
  /** The most rows; -1 for all. */
  readonly limit?: number;
}

/** A statement with its parameters. */
export type SqlStatement = QueryArrayConfig & { readonly text: string; readonly values: unknown[] };

const BOUNDS = [
  ['gt', '>'],
  ['gte', '>='],
  ['lt', '<'],
  ['lte', '<='],
] as const;

/** Bytes come as hexadecimal text, numbers of 32 bits in decimal. */
const RAW: NonNullable<QueryArrayConfig['types']> = {
  getTypeParser: (type: number) => (text: string) =>
    type === BYTEA ? Buffer.from(text.slice(2), 'hex') : Number(text),
};

/**
 * Writes a name of the database in quotes.
 *
 * @param name - A schema's or a table's: small letters, digits, and a few signs.
 * @throws RangeError if it has others, or is too long for PostgreSQL.
 */
export function quoted(name: string): string {
  if (!/^[a-z0-9_/-]{1,63}$/.test(name)) throw new RangeError(`not a name of a table: ${name}`);
  return `"${name}"`;
}

/** Reads rows by their keys; each has the place of its key among them, from 1. */
export function selectRows(table: string, keys: readonly Uint8Array[]): SqlStatement {
  const text = `SELECT wanted.place::int4, found.value FROM unnest($1::bytea[]) WITH ORDINALITY AS wanted (key, place) JOIN ${table} AS found USING (key)`;
  return rowsOf(text, [byteaArray(keys)]);
}

/** Reads the next rows of a range in their order: keys, and values if they are wanted. */
export function selectRange(table: string, range: KeyRange, values: boolean): SqlStatement {
  const { clause, bounds } = within(range);
  return rowsOf(`SELECT ${values ? 'key, value' : 'key'} FROM ${table}${clause}`, bounds);
}

/** Deletes the rows of a range. */
export function deleteRange(table: string, range: KeyRange): SqlStatement {
  const { clause, bounds } = within(range);
  const text = `DELETE FROM ${table} WHERE key IN (SELECT key FROM ${table}${clause})`;
  return { ...named(text), values: bounds, rowMode: 'array' };
}

/** Puts rows, each of another key. */
export function putRows(
  table: string,
  keys: readonly Uint8Array[],
  values: readonly Uint8Array[],
): SqlStatement {
  const text = `INSERT INTO ${table} (key, value) SELECT * FROM unnest($1::bytea[], $2::bytea[]) ON CONFLICT (key) DO UPDATE SET value = excluded.value`;
  return { ...named(text), values: [byteaArray(keys), byteaArray(values)], rowMode: 'array' };
}

/** Deletes rows. */
export function deleteRows(table: string, keys: readonly Uint8Array[]): SqlStatement {
  const text = `DELETE FROM ${table} WHERE key = ANY ($1::bytea[])`;
  return { ...named(text), values: [byteaArray(keys)], rowMode: 'array' };
}

/** The range as the end of a statement, with its parameters. */
function within(range: KeyRange): { readonly clause: string; readonly bounds: unknown[] } {
  const { reverse = false, limit = -1 } = range;
  const given = BOUNDS.filter(([name]) => range[name] !== undefined);
  const bounds: unknown[] = given.map(([name]) => Buffer.from(range[name] ?? []));
  const where = given.map(([, sign], place) => `key ${sign} $${place + 1}::bytea`);
  let clause = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`;
  clause += ` ORDER BY key${reverse ? ' DESC' : ''}`;
  if (limit < 0) return { clause, bounds };
  return { clause: `${clause} LIMIT $${bounds.length + 1}::int8`, bounds: [...bounds, limit] };
}

function rowsOf(text: string, values: unknown[]): SqlStatement {
  return { ...named(text), values, rowMode: 'array', types: RAW };
}

/** Names a statement, so that the server plans it once for each connection. There are a dozen texts for each table. */
function named(text: string): { readonly text: string; readonly name: string } {
  const known = names.get(text) ?? `s${names.size}`;
  names.set(text, known);
  return { text, name: known };
}

const names = new Map<string, string>();
