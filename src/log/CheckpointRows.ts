import { bytesToUtf8, utf8ToBytes } from '../crypto/bytes.ts';
import { readU64 } from '../crypto/u64.ts';
import { parseRow } from '../database/parseRow.ts';
import type { PlacedCheckpoint } from '../protocol/evidence/evidence.ts';
import { PLACED_CHECKPOINT } from '../protocol/evidence/evidenceShapes.ts';
import { logRowKeys } from './keys.ts';
import type { LogRows } from './LogRows.ts';

/** Checkpoints read at a time. */
const PAGE = 256;
const END = logRowKeys.checkpoint(Number.MAX_SAFE_INTEGER);

/** The checkpoints that a log keeps, by size. */
export class CheckpointRows {
  readonly #rows: LogRows;

  /** @param rows - The log's. */
  constructor(rows: LogRows) {
    this.#rows = rows;
  }

  /** Keeps one, durably. */
  async put(placed: PlacedCheckpoint): Promise<void> {
    const value = utf8ToBytes(JSON.stringify(placed));
    await this.#rows.write([
      { type: 'put', key: logRowKeys.checkpoint(placed.checkpoint.size), value },
    ]);
  }

  /** The largest. */
  async latest(): Promise<PlacedCheckpoint | undefined> {
    const rows = await this.#rows.range(logRowKeys.checkpoint(0), END, { limit: 1, reverse: true });
    return rows.map(decode)[0];
  }

  /** The smallest whose size is over `index`. */
  async covering(index: number): Promise<PlacedCheckpoint | undefined> {
    return (await this.#rows.range(logRowKeys.checkpoint(index + 1), END, { limit: 1 })).map(
      decode,
    )[0];
  }

  /** All, smallest first. */
  async *all(): AsyncIterable<PlacedCheckpoint> {
    for (let from = 0; ;) {
      const rows = await this.#rows.range(logRowKeys.checkpoint(from), END, { limit: PAGE });
      yield* rows.map(decode);
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      from = readU64(last[0], 1) + 1;
    }
  }
}

function decode([, value]: [Uint8Array, Uint8Array]): PlacedCheckpoint {
  return parseRow(PLACED_CHECKPOINT, bytesToUtf8(value));
}
