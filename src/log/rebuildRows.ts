import { bytesToHex, bytesToUtf8, concatBytes, equalBytes } from '../crypto/bytes.ts';
import { readU64, u64 } from '../crypto/u64.ts';
import { parseEntryBody } from '../protocol/evidence/parseBody.ts';
import { digestOf } from '../protocol/struct/signing.ts';
import { claimOf } from './claimDatabase.ts';
import { decodeEntryRow } from './entryRow.ts';
import type { RowsContext } from './examineRows.ts';
import { isStoredLevel } from './hashReader.ts';
import { indexRows, isOfEarlier, type IndexRow } from './indexRows.ts';
import { logRowKeys, STRAY } from './keys.ts';
import type { RowChange } from '../database/synced.ts';
import type { LogRows } from './LogRows.ts';
import { mendTree } from './mendTree.ts';
import { isErased } from './tombstone.ts';

/** Entries, and rows, at a time. */
const PAGE = 256;
/** First bytes of the keys of indexes. */
const INDEXES = [0x06, 0x07, 0x08, 0x09, 0x0a] as const;
/** First bytes of the keys that end with the place. */
const WITH_PLACE: readonly number[] = [0x07, 0x0a];
/** First byte of the keys of hashes, of level 0. */
const HASHES = 0x10;
const LEVELS = 53;

/**
 * Rebuilds the rows that follow from a log's entries and bodies, if they are lost or differ: its size, its first row,
 * the tree, the indexes; and removes rows of the indexes that do not lead to their entry. Rows that it cannot read stay
 * as they are.
 *
 * @param rows - The log's; nobody else writes to them.
 * @param context - Network, keys and hashes.
 * @returns Number of rows written or removed.
 * @throws MedsealError `EVIDENCE_INVALID` if an entry is lost; `FOLDER_UNWRITABLE`.
 */
export async function rebuildRows(rows: LogRows, context: RowsContext): Promise<number> {
  const { identity, bodies, primitives } = context;
  const size = await countEntries();
  let changed = await put([
    { key: logRowKeys.identity, value: claimOf(identity, bodies.fingerprint) },
    ...(size === 0 ? [] : [{ key: logRowKeys.size, value: u64(size) }]),
  ]);
  // First: if the row of a file leads to an earlier entry that holds, the file is that entry's.
  changed += await dropAstray();
  for (let from = 0; from < size; from += PAGE) {
    const expected: IndexRow[] = [];
    for (const index of range(from, Math.min(from + PAGE, size))) {
      expected.push(...((await rowsAt(index)) ?? []));
    }
    changed += await put(expected);
  }
  changed += await dropRest();
  return changed + (await mendTree(rows, primitives, size)).mended;

  /** Counts the entries up to the first that is missing; each write adds some and the size together. */
  async function countEntries(): Promise<number> {
    for (let from = 0; ; from += PAGE) {
      const found = await rows.numbered(logRowKeys.entry, from, from + PAGE);
      const missing = range(from, from + PAGE).find((index) => !found.has(index));
      if (missing !== undefined) return missing;
    }
  }

  /** Returns the rows of the indexes for an entry; undefined if its body cannot be read. */
  async function rowsAt(index: number): Promise<readonly IndexRow[] | undefined> {
    const [row, sealed] = await rows.getMany([logRowKeys.entry(index), logRowKeys.body(index)]);
    const said = decodeEntryRow(row);
    if (said === undefined || sealed === undefined || isErased(sealed)) return undefined;
    try {
      const body = parseEntryBody(bytesToUtf8(bodies.open(index, sealed, said.entry)));
      if (body.format === 'medseal-summary/1') {
        return indexRows(index, bytesToHex(said.entry), body);
      }
      const { type, message } = body.request;
      return indexRows(index, digestOf(context, type, message), body);
    } catch {
      return undefined;
    }
  }

  async function put(expected: readonly IndexRow[]): Promise<number> {
    const found = await rows.getMany(expected.map(({ key }) => key));
    const firsts = new Set<string>();
    const changes = expected.flatMap((row, place): RowChange<Uint8Array>[] => {
      const known = found[place];
      if ((known && equalBytes(known, row.value)) || isOfEarlier(known, row)) return [];
      const name = bytesToHex(row.key);
      if (firsts.has(name)) return [];
      firsts.add(name);
      return [{ type: 'put', ...row }];
    });
    if (changes.length > 0) await rows.write(changes);
    return changes.length;
  }

  async function dropAstray(): Promise<number> {
    let dropped = 0;
    for (const kind of INDEXES) {
      for (let from: Uint8Array = Uint8Array.of(kind); ;) {
        const page = await rows.range(from, Uint8Array.of(kind + 1), { limit: PAGE });
        const astray: RowChange<Uint8Array>[] = [];
        for (const [key, value] of page) {
          const place = WITH_PLACE.includes(kind) ? key.subarray(key.length - 8) : value;
          if (place.length !== 8 || (await isAstray(key, readU64(place, 0)))) {
            astray.push({ type: 'del', key: key.slice() });
          }
        }
        if (astray.length > 0) await rows.write(astray);
        dropped += astray.length;
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE) break;
        from = concatBytes(last[0], Uint8Array.of(0));
      }
    }
    return dropped;
  }

  /** Removes hashes that no tree of this size has, and rows of an unknown kind. */
  async function dropRest(): Promise<number> {
    let dropped = 0;
    for (const [from, to, isOurs] of rest(size)) {
      for (let start = from; ;) {
        const page = await rows.range(start, to, { limit: PAGE });
        const strays = page.filter(([key]) => !isOurs(key));
        if (strays.length > 0) {
          await rows.write(strays.map(([key]) => ({ type: 'del', key: key.slice() })));
        }
        dropped += strays.length;
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE) break;
        start = concatBytes(last[0], Uint8Array.of(0));
      }
    }
    return dropped;
  }

  /** Tells whether there is no such entry, or it can be read and differs. */
  async function isAstray(key: Uint8Array, index: number): Promise<boolean> {
    if (index >= size) return true;
    const known = await rowsAt(index);
    return known !== undefined && !known.some((row) => equalBytes(row.key, key));
  }
}

/** Gives the ranges in which rows may lie that are of no entry, and which of them belong there. */
function* rest(
  size: number,
): Generator<readonly [Uint8Array, Uint8Array, (key: Uint8Array) => boolean]> {
  const isHash = (key: Uint8Array): boolean => {
    const level = (key[0] ?? 0) - HASHES;
    return (
      key.length === 9 && isStoredLevel(level) && readU64(key, 1) < Math.floor(size / 2 ** level)
    );
  };
  yield [Uint8Array.of(HASHES), Uint8Array.of(HASHES + LEVELS), isHash];
  for (const [from, to] of STRAY) yield [from, to, isNone];
}

function isNone(): boolean {
  return false;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
