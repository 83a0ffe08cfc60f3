import { withChecksum, withoutChecksum } from './rowChecksum.ts';

/** Key of the mark: no store has it, and it is before all others. */
export const MARK: Uint8Array = new Uint8Array(0);
/** First byte of the mark's value: some rows have checksums, up to the key that follows; or all have. */
const [SOME, ALL] = [0, 1];

type Row = readonly [Uint8Array, Uint8Array];

/** Rows as an engine stores them. */
export interface StoredRows {
  readonly get: (key: Uint8Array) => Promise<Uint8Array | undefined>;
  /** The next rows after a key; empty after the last one. */
  readonly after: (key: Uint8Array) => Promise<readonly Row[]>;
  /** Puts rows durably, all or none. */
  readonly put: (rows: readonly Row[]) => Promise<void>;
  /** Tells from the engine's own checksums if its rows are as they were written. */
  readonly areWhole: () => Promise<boolean>;
}

/**
 * Gives every row of a store a checksum, once: a mark in the store says how far this came, in the batch of the rows
 * themselves, so that it goes on there after a crash. An empty store gets its mark alone. A mark that is lost, or not as it
 * was written, is made again if the first rows have checksums: reads verify each row, whatever the mark says.
 *
 * @param rows - The store; nobody else uses it.
 * @param onRows - Called with the number of rows that were rewritten so far.
 * @returns False, and nothing is changed, if rows without checksums may not be as they were written: a checksum would hide
 * it.
 */
export async function bringForward(
  rows: StoredRows,
  onRows: (rows: number) => void = () => undefined,
): Promise<boolean> {
  const stored = await rows.get(MARK);
  const mark = stored && withoutChecksum(MARK, stored);
  if (mark?.[0] === ALL) return true;
  let last: Uint8Array | undefined = mark?.[0] === SOME ? mark.slice(1) : undefined;
  if (last === undefined) {
    const first = await rows.after(MARK);
    const checked = first.filter(isChecked).length;
    if (2 * checked >= first.length) {
      await rows.put([markOf(ALL)]);
      return true;
    }
    if (!(await rows.areWhole())) return false;
    last = MARK;
  }
  let next = await rows.after(last);
  for (let done = 0; next.length > 0; next = await rows.after(last)) {
    last = next.at(-1)?.[0].slice() ?? last;
    const checked = next.map(([key, value]): Row => [key, withChecksum(key, value)]);
    await rows.put([...checked, markOf(SOME, last)]);
    done += next.length;
    onRows(done);
  }
  await rows.put([markOf(ALL)]);
  return true;
}

function isChecked([key, value]: Row): boolean {
  return withoutChecksum(key, value) !== undefined;
}

function markOf(state: number, last: Uint8Array = MARK): Row {
  return [MARK, withChecksum(MARK, Buffer.concat([Uint8Array.of(state), last]))];
}
