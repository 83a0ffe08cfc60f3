import { bytesToHex } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { BodyEncryption } from './encryptBodies.ts';
import { decodeEntryRow, type EntryRow } from './entryRow.ts';
import { findFalseTombstones } from './erasedRows.ts';
import type { ExaminedEntry } from './EvidenceLog.ts';
import { logRowKeys } from './keys.ts';
import type { LogRows } from './LogRows.ts';
import { isErased } from './tombstone.ts';
import { decodePlacements, readVerdicts, type Placement } from './verdictRows.ts';

/** Options of `examineEntries`. */
export interface ExaminationOptions {
  /** SHA-256. */
  readonly primitives: Pick<Primitives, 'sha256'>;
  /** Encryption of the bodies. */
  readonly bodies: BodyEncryption;
}

/**
 * Examines the rows of entries for damage: a body must open and hash to its entry, or be erased as a whole; verdicts
 * must be there.
 *
 * @param rows - The log's.
 * @param options - Hash and encryption.
 * @param range - From an index, to before another.
 */
export async function examineLogRows(
  rows: LogRows,
  { primitives, bodies }: ExaminationOptions,
  { from, to }: { from: number; to: number },
): Promise<readonly ExaminedEntry[]> {
  const [entries, sealed] = await Promise.all([
    rows.numbered(logRowKeys.entry, from, to),
    rows.numbered(logRowKeys.body, from, to),
  ]);
  const known = Array.from({ length: to - from }, (_, i) => decodeEntryRow(entries.get(from + i)));
  const placements = known.map((row) => placementsIn(row));
  const verdicts = await readVerdicts(
    rows,
    primitives,
    placements.map((each) => each ?? []),
  );
  const falsely = await findFalseTombstones(rows, sealed);
  return known.map((row, i) => {
    const index = from + i;
    if (row === undefined) return { index, sound: false };
    const sound =
      placements[i] !== undefined &&
      verdicts[i] !== undefined &&
      isWhole(row, index, sealed.get(index));
    return { index, entry: bytesToHex(row.entry), sound };
  });

  function isWhole(
    { entry, bodySize }: EntryRow,
    index: number,
    ciphertext: Uint8Array | undefined,
  ): boolean {
    if (ciphertext === undefined) return false;
    if (isErased(ciphertext)) return !falsely.has(index);
    try {
      return bodies.open(index, ciphertext, entry).length === bodySize;
    } catch {
      return false;
    }
  }
}

function placementsIn(row: EntryRow | undefined): readonly Placement[] | undefined {
  try {
    return row && decodePlacements(row.verdicts);
  } catch {
    return undefined;
  }
}
