import {
  deleteRange,
  deleteRows,
  putRows,
  type KeyRange,
  type SqlStatement,
} from './statements.ts';

/** A change of one table: rows, or a range to delete. */
export type TableChange =
  | {
      readonly table: string;
      readonly rows: readonly {
        readonly type: 'put' | 'del';
        readonly key: Uint8Array;
        readonly value?: Uint8Array;
      }[];
    }
  | { readonly table: string; readonly range: KeyRange };

/**
 * Returns the statements of changes in their order; neighbours of one table are one statement of each kind.
 *
 * @param changes - The changes of a transaction.
 */
export function statementsOf(changes: readonly TableChange[]): readonly SqlStatement[] {
  const statements: SqlStatement[] = [];
  const waiting = new Map<
    string,
    Map<string, { key: Uint8Array; value: Uint8Array | undefined }>
  >();
  const flush = (table: string): void => {
    const rows = [...(waiting.get(table)?.values() ?? [])];
    waiting.delete(table);
    const gone = rows.flatMap(({ key, value }) => (value === undefined ? [key] : []));
    const puts = rows.flatMap(({ key, value }) => (value === undefined ? [] : [{ key, value }]));
    if (gone.length > 0) statements.push(deleteRows(table, gone));
    if (puts.length === 0) return;
    const [keys, values] = [puts.map(({ key }) => key), puts.map(({ value }) => value)];
    statements.push(putRows(table, keys, values));
  };
  for (const change of changes) {
    const { table } = change;
    if ('range' in change) {
      flush(table);
      statements.push(deleteRange(table, change.range));
      continue;
    }
    const rows = waiting.get(table) ?? new Map<string, never>();
    waiting.set(table, rows);
    // A statement may not meet a row twice: the last change of a key counts.
    for (const { type, key, value } of change.rows) {
      const name = Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
      rows.set(name, { key, value: type === 'put' ? (value ?? new Uint8Array(0)) : undefined });
    }
  }
  for (const table of waiting.keys()) flush(table);
  return statements;
}
