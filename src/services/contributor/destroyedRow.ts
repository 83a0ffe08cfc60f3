import { utf8ToBytes } from '../../crypto/bytes.ts';
import { deriveName } from '../../crypto/keys/deriveName.ts';
import { parseRow } from '../../database/parseRow.ts';
import { sortable } from '../../database/sortable.ts';
import { rangeUnder } from '../../database/rangeUnder.ts';
import type { LogPlace } from '../../protocol/AgentPort.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';

/** Deeds of an organisation for an entry that erases. */
export const DESTROYED_ROW = {
  /** Number of the versions whose sealed files are gone, and the root over the entries that put them on the chart. */
  versions: 'count',
  list: BYTES32,
  /** When the last of them was gone, Unix seconds. */
  at: 'count',
  /** When no backup had them any more, Unix seconds; absent before that. */
  'backup?': 'count',
} as const;
export type DestroyedRow = Of<typeof DESTROYED_ROW>;

/** The row as it is kept. The organisation signs its dates, so nobody without its storage key can write one. */
const MARKED_ROW = { ...DESTROYED_ROW, mark: 'text' } as const;

const LABEL = utf8ToBytes('destroyed');

/** Range of all such rows. */
export const DESTROYED_ROWS: ReturnType<typeof rangeUnder> = rangeUnder('destroyed/');

/** The key of the row, by the place of the entry. */
export function destroyedKey({ log, index }: LogPlace): string {
  return `${DESTROYED_ROWS.gt}${log}/${sortable(index)}`;
}

/**
 * Writes a row with its mark, a name that the organisation alone can derive of the row's key and content.
 *
 * @param storageKey - 32 bytes, the organisation's, kept apart from the database.
 * @param key - The row's key.
 * @param row - The row.
 */
export function writeDestroyed(storageKey: Uint8Array, key: string, row: DestroyedRow): string {
  return JSON.stringify({ ...row, mark: markOf(storageKey, key, row) });
}

/**
 * Reads a row that this organisation wrote under this key.
 *
 * @param storageKey - As in `writeDestroyed`.
 * @param key - The row's key.
 * @param text - Not trusted.
 * @returns Undefined for another organisation's row, another entry's, or one that was altered.
 */
export function readDestroyed(
  storageKey: Uint8Array,
  key: string,
  text: string,
): DestroyedRow | undefined {
  let found: Of<typeof MARKED_ROW>;
  try {
    found = parseRow(MARKED_ROW, text);
  } catch {
    return undefined;
  }
  const { mark, ...row } = found;
  return mark === markOf(storageKey, key, row) ? row : undefined;
}

function markOf(storageKey: Uint8Array, key: string, row: DestroyedRow): string {
  const { versions, list, at, backup = 0 } = row;
  const said = JSON.stringify([key, versions, list, at, backup]);
  return deriveName(storageKey, LABEL, utf8ToBytes(said));
}
