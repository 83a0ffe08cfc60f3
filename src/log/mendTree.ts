import { equalBytes } from '../crypto/bytes.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { MerkleFrontier } from '../crypto/merkle/MerkleFrontier.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { isStoredLevel } from './hashReader.ts';
import { logRowKeys } from './keys.ts';
import type { RowChange } from '../database/synced.ts';
import type { LogRows } from './LogRows.ts';

/** Entries read at a time. */
const PAGE = 1024;

/**
 * Computes the tree of a log again from its entries, and writes those of its hashes that are lost or differ.
 *
 * @param rows - The log's.
 * @param primitives - SHA-256.
 * @param size - Number of entries.
 * @returns Number of hashes written, and the right edge of the tree.
 * @throws MedsealError `EVIDENCE_INVALID` if an entry is lost; `FOLDER_UNWRITABLE`.
 */
export async function mendTree(
  rows: LogRows,
  primitives: Pick<Primitives, 'sha256'>,
  size: number,
): Promise<{ readonly mended: number; readonly frontier: MerkleFrontier }> {
  const frontier = MerkleFrontier.empty(primitives);
  let mended = 0;
  while (frontier.size < size) {
    const from = frontier.size;
    const to = Math.min(from + PAGE, size);
    const entries = await rows.range(logRowKeys.entry(from), logRowKeys.entry(to));
    if (entries.length < to - from) {
      throw new MedsealError('EVIDENCE_INVALID', { reason: 'an entry of the log is lost' });
    }
    const hashes = entries.flatMap(([, row]) =>
      frontier.append(leafHash(primitives, row.subarray(0, 32))),
    );
    const kept = hashes.filter(({ level }) => isStoredLevel(level));
    const wanted = kept.map(({ level, index, hash }) => ({
      key: logRowKeys.hash(level, index),
      hash,
    }));
    const found = await rows.getMany(wanted.map(({ key }) => key));
    const changes = wanted.flatMap(({ key, hash }, i): RowChange<Uint8Array>[] => {
      const known = found[i];
      return known && equalBytes(known, hash) ? [] : [{ type: 'put', key, value: hash }];
    });
    if (changes.length > 0) await rows.write(changes);
    mended += changes.length;
  }
  return { mended, frontier };
}
