import { sortable } from '../../database/sortable.ts';
import { rangeUnder } from '../../database/rangeUnder.ts';
import type { LogPlace } from '../../protocol/AgentPort.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';

/** Deeds of an organisation for an entry that erases. */
export const DESTROYED_ROW = {
  /** Whose deeds they are: the row of another organisation says nothing. */
  organisation: 'text',
  /** Number of the versions whose sealed files are gone, and the root over the entries that put them on the chart. */
  versions: 'count',
  list: BYTES32,
  /** When the last of them was gone, Unix seconds. */
  at: 'count',
  /** When no backup had them any more, Unix seconds; absent before that. */
  'backup?': 'count',
} as const;
export type DestroyedRow = Of<typeof DESTROYED_ROW>;

/** Range of all such rows. */
export const DESTROYED_ROWS: ReturnType<typeof rangeUnder> = rangeUnder('destroyed/');

/** The key of the row, by the place of the entry. */
export function destroyedKey({ log, index }: LogPlace): string {
  return `${DESTROYED_ROWS.gt}${log}/${sortable(index)}`;
}

/** Tells whether a row's key is spelt so. */
export function isDestroyedKey(key: string): boolean {
  return /^destroyed\/[^/]+\/[^/]+\/\d{12}$/.test(key);
}
