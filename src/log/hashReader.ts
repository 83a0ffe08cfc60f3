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

/**
 * Reads the hashes of a log's tree from its rows.
 *
 * @param rows - The log's.
 * @param primitives - SHA-256.
 * @throws MedsealError `EVIDENCE_INVALID`, from the function that it gives, if a hash is lost.
 */
export function hashReader(rows: LogRows, primitives: Pick<Primitives, 'sha256'>): ReadHash {
  return async (level, index) => {
    const below = level - (level % STEP);
    const width = 2 ** (level - below);
    const places = Array.from({ length: width }, (_, i) => index * width + i);
    const found = await rows.getMany(
      places.map((place) =>
        below === 0 ? logRowKeys.entry(place) : logRowKeys.hash(below, place),
      ),
    );
    const hashes = found.map((row) => {
      const hash = below === 0 ? leafOf(primitives, row) : row;
      if (hash !== undefined) return hash;
      throw new MedsealError('EVIDENCE_INVALID', { reason: 'a hash of the tree is lost' });
    });
    return rootOf(primitives, hashes);
  };
}

function leafOf(
  primitives: Pick<Primitives, 'sha256'>,
  row: Uint8Array | undefined,
): Uint8Array | undefined {
  const known = decodeEntryRow(row);
  return known && leafHash(primitives, known.entry);
}
