import { bytesToHex, bytesToUtf8, equalBytes } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { BodyEncryption } from './encryptBodies.ts';
import { decodeEntryRow, type EntryRow } from './entryRow.ts';
import type { ExaminedEntry } from './EvidenceLog.ts';
import { keys, readNumber } from './keys.ts';
import type { LogRows } from './LogRows.ts';

/**
 * Looks whether the rows of entries are what they were: a body opens and is the one that the entry is the hash of, or
 * was erased as a whole.
 *
 * @param rows - The log's.
 * @param options - SHA-256, and what bodies are encrypted with.
 * @param range - From an index, to before another.
 */
export async function examineEntries(
  rows: LogRows,
  options: { readonly primitives: Pick<Primitives, 'sha256'>; readonly bodies: BodyEncryption },
  range: { from: number; to: number },
): Promise<readonly ExaminedEntry[]> {
  const { from, to } = range;
  const [entries, verdicts, sealed, secrets] = await Promise.all(
    [keys.entry, keys.verdicts, keys.body, keys.bodySecret].map(async (key) => {
      const found = await rows.range(key(from), key(to));
      return new Map(found.map(([place, value]) => [readNumber(place, 1), value]));
    }),
  );
  return Array.from({ length: to - from }, (_, i) => {
    const index = from + i;
    const row = entries?.get(index);
    const entry = row && row.length === ENTRY_ROW ? decodeEntryRow(row) : undefined;
    if (entry === undefined) return { index, sound: false };
    const sound =
      isJsonList(verdicts?.get(index)) &&
      isWhole(entry, index, sealed?.get(index), secrets?.get(index));
    return { index, entry: bytesToHex(entry.entry), sound };
  });

  function isWhole(
    { entry, bodySize }: EntryRow,
    index: number,
    ciphertext: Uint8Array | undefined,
    secret: Uint8Array | undefined,
  ): boolean {
    if (ciphertext === undefined && secret === undefined) return true;
    if (ciphertext === undefined || secret === undefined) return false;
    try {
      const body = options.bodies.open(index, { sealed: ciphertext, secret });
      return body.length === bodySize && equalBytes(options.primitives.sha256(body), entry);
    } catch {
      return false;
    }
  }
}

const ENTRY_ROW = 48;

function isJsonList(row: Uint8Array | undefined): boolean {
  try {
    return row !== undefined && Array.isArray(JSON.parse(bytesToUtf8(row)));
  } catch {
    return false;
  }
}
