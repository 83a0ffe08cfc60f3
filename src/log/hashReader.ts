import { leafHash } from '../crypto/merkle/leafHash.ts';
import type { ReadHash } from '../crypto/merkle/ReadHash.ts';
import { rootOf } from '../crypto/merkle/rootOf.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { decodeEntryRow } from './entryRow.ts';
import { logRowKeys } from './keys.ts';
import type { LogRows } from './LogRows.ts';

/** Every so many levels of the tree are rows; what is between follows from at most half as many hashes squared. */
const STEP = 4;

/** Tells whether the hashes of a level are rows; those of the leaves follow from the entries. */
export function isStoredLevel(level: number): boolean {
  return level > 0 && level % STEP === 0;
}

/** Hashes of one level that lie below one row, and which proofs of neighbours share. */
const TILE = 2 ** STEP;

type Hashes = readonly (Uint8Array | undefined)[];

/**
 * Reads the hashes of a log's tree from its rows.
 *
 * @param rows - The log's.
 * @param primitives - SHA-256.
 * @throws MedsealError `EVIDENCE_INVALID`, from the function that it gives, if a hash is lost.
 */
export function hashReader(rows: LogRows, primitives: Pick<Primitives, 'sha256'>): ReadHash {
  return readerOf(primitives, async (level, from, width) => {
    return await readHashes(rows, primitives, { level, from, width });
  });
}

/**
 * Reads the hashes of a log's tree for one answer that needs many: each row is read once, with those around it.
 *
 * @param rows - The log's.
 * @param primitives - SHA-256.
 * @throws MedsealError `EVIDENCE_INVALID`, from the function that it gives, if a hash is lost.
 */
export function hashWalk(rows: LogRows, primitives: Pick<Primitives, 'sha256'>): ReadHash {
  const tiles = new Map<string, Promise<Hashes>>();
  return readerOf(primitives, async (level, from, width) => {
    const first = from - (from % TILE);
    const name = `${level} ${first}`;
    const tile =
      tiles.get(name) ?? readHashes(rows, primitives, { level, from: first, width: TILE });
    tiles.set(name, tile);
    return (await tile).slice(from - first, from - first + width);
  });
}

/** Makes a reader of hashes of all levels from one of the levels that are rows. */
function readerOf(
  primitives: Pick<Primitives, 'sha256'>,
  read: (level: number, from: number, width: number) => Promise<Hashes>,
): ReadHash {
  return async (level, index) => {
    const below = level - (level % STEP);
    const width = 2 ** (level - below);
    const found = await read(below, index * width, width);
    const hashes = found.map((hash) => {
      if (hash !== undefined) return hash;
      throw new MedsealError('EVIDENCE_INVALID', { reason: 'a hash of the tree is lost' });
    });
    return rootOf(primitives, hashes);
  };
}

async function readHashes(
  rows: LogRows,
  primitives: Pick<Primitives, 'sha256'>,
  { level, from, width }: { readonly level: number; readonly from: number; readonly width: number },
): Promise<Hashes> {
  const places = Array.from({ length: width }, (_, i) => from + i);
  const found = await rows.getMany(
    places.map((place) => (level === 0 ? logRowKeys.entry(place) : logRowKeys.hash(level, place))),
  );
  return level === 0 ? found.map((row) => leafOf(primitives, row)) : found;
}

function leafOf(
  primitives: Pick<Primitives, 'sha256'>,
  row: Uint8Array | undefined,
): Uint8Array | undefined {
  const known = decodeEntryRow(row);
  return known && leafHash(primitives, known.entry);
}
