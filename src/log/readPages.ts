import { bytesToUtf8 } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { readU64 } from '../crypto/u64.ts';
import type { SignedVerdict } from '../protocol/evidence/evidence.ts';
import type { EvidenceReader, ReadBody } from '../protocol/evidence/EvidenceReader.ts';
import type { BodyEncryption } from './encryptBodies.ts';
import { decodeEntryRow, type EntryRow } from './entryRow.ts';
import { logRowKeys } from './keys.ts';
import { findFalseTombstones } from './erasedRows.ts';
import type { LogRows } from './LogRows.ts';
import { isErased } from './tombstone.ts';
import { decodePlacements, readVerdicts } from './verdictRows.ts';

/** Why the body of an entry cannot be read. */
export type UnreadBody = 'lost' | 'altered' | 'erased';

/** A body that was decrypted. */
export interface OpenedBody {
  readonly text: string;
  /** Bytes of its UTF-8. */
  readonly length: number;
  /** The parsed body; absent if it is malformed. */
  readonly read?: ReadBody;
}

/** An entry as it lies in the rows of a log. */
export interface LyingEntry {
  readonly index: number;
  readonly row: EntryRow;
  /** Undefined if they are lost or altered. */
  readonly verdicts: readonly SignedVerdict[] | undefined;
  readonly body: UnreadBody | OpenedBody;
}

/** Entries that stand together. */
export interface RowsPage {
  readonly from: number;
  readonly to: number;
  /** True if there is no row of them at all. */
  readonly isEmpty: boolean;
  /** Those that are there, by their places. */
  readonly entries: ReadonlyMap<number, LyingEntry>;
  /** Checkpoints within: their sizes, and what their rows hold. */
  readonly checkpoints: readonly (readonly [size: number, value: Uint8Array])[];
}

/** Opens and reads bodies. */
export interface PageContext {
  readonly primitives: Primitives;
  readonly bodies: BodyEncryption;
  /** Takes bodies apart. */
  readonly reader: EvidenceReader;
}

/** Entries of a page. */
export const PAGE = 512;
/** Pages that are read ahead: with one, threads have nothing to do while the next is fetched and decrypted for them. */
const AHEAD = 2;

/**
 * The entries of a log at rest, page by page: while one page is examined, the next two are read, and their signatures
 * verified, if the reader has other threads for that.
 *
 * @param rows - The log's.
 * @param context - Opens and reads bodies.
 * @param size - Number of entries in the log.
 * @throws MedsealError of the database.
 */
export async function* readPages(
  rows: LogRows,
  context: PageContext,
  size: number,
): AsyncGenerator<RowsPage> {
  const ahead: Promise<RowsPage>[] = [];
  try {
    for (let from = 0; from < size; from += PAGE) {
      const page = readPage(rows, context, from, Math.min(from + PAGE, size));
      // If nobody comes for it any more, its failure concerns nobody.
      page.catch(() => undefined);
      ahead.push(page);
      if (ahead.length > AHEAD) yield* next();
    }
    while (ahead.length > 0) yield* next();
  } finally {
    await Promise.allSettled(ahead);
  }

  async function* next(): AsyncGenerator<RowsPage> {
    const page = await ahead.shift();
    if (page !== undefined) yield page;
  }
}

async function readPage(
  rows: LogRows,
  { primitives, bodies, reader }: PageContext,
  from: number,
  to: number,
): Promise<RowsPage> {
  const [entryRows, sealed, placed] = await Promise.all([
    rows.numbered(logRowKeys.entry, from, to),
    rows.numbered(logRowKeys.body, from, to),
    rows.range(logRowKeys.checkpoint(from === 0 ? 0 : from + 1), logRowKeys.checkpoint(to + 1)),
  ]);
  const there = [...entryRows].flatMap(([index, bytes]) => {
    const row = decodeEntryRow(bytes);
    return row === undefined ? [] : [{ index, row }];
  });
  const placements = there.map(({ row }) => placementsIn(row));
  const falsely = await findFalseTombstones(rows, sealed);
  const opened = there.map(({ index, row }) =>
    falsely.has(index) ? 'altered' : openBody(bodies, index, row, sealed.get(index)),
  );
  const texts = opened.flatMap((body) => (typeof body === 'string' ? [] : [body.text]));
  const [verdicts, found] = await Promise.all([
    readVerdicts(rows, primitives, placements),
    reader.bodies(texts),
  ]);
  const reads = found.values();
  const entries = there.map(({ index, row }, place): LyingEntry => {
    const body = opened[place] ?? 'lost';
    const judged = { index, row, verdicts: verdicts[place] };
    if (typeof body === 'string') return { ...judged, body };
    const read = reads.next().value;
    return { ...judged, body: read === undefined || 'code' in read ? body : { ...body, read } };
  });
  return {
    from,
    to,
    isEmpty: entryRows.size === 0,
    entries: new Map(entries.map((entry) => [entry.index, entry])),
    checkpoints: placed.map(([key, value]) => [readU64(key, 1), value]),
  };
}

function placementsIn(row: EntryRow): ReturnType<typeof decodePlacements> {
  try {
    return decodePlacements(row.verdicts);
  } catch {
    return [];
  }
}

function openBody(
  bodies: BodyEncryption,
  index: number,
  { entry }: EntryRow,
  sealed: Uint8Array | undefined,
): UnreadBody | OpenedBody {
  if (sealed === undefined) return 'lost';
  if (isErased(sealed)) return 'erased';
  try {
    const bytes = bodies.open(index, sealed, entry);
    return { text: bytesToUtf8(bytes), length: bytes.length };
  } catch {
    return 'altered';
  }
}
