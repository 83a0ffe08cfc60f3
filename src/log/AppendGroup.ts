import { leafHash } from '../crypto/merkle/leafHash.ts';
import type { MerkleFrontier } from '../crypto/merkle/MerkleFrontier.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { u64 } from '../crypto/u64.ts';
import type { BodyEncryption } from './encryptBodies.ts';
import { entryRows } from './entryRows.ts';
import { isStoredLevel } from './hashReader.ts';
import { logRowKeys } from './keys.ts';
import type { RowChange } from '../database/synced.ts';
import type { PreparedEntry, PreparedRow } from './prepareEntry.ts';
import { VerdictWriter } from './verdictRows.ts';

/** Entries that are appended together, as the rows that they become. */
export class AppendGroup {
  readonly #primitives: Pick<Primitives, 'sha256'>;
  readonly #bodies: BodyEncryption;
  readonly #verdicts: VerdictWriter;
  readonly #changes: RowChange<Uint8Array>[] = [];
  /** The right edge of the tree with the group. */
  readonly frontier: MerkleFrontier;

  /**
   * @param primitives - SHA-256.
   * @param bodies - Encrypts bodies.
   * @param frontier - The right edge of the tree before the group; the group's own from now on.
   */
  constructor(
    primitives: Pick<Primitives, 'sha256'>,
    bodies: BodyEncryption,
    frontier: MerkleFrontier,
  ) {
    this.#primitives = primitives;
    this.#bodies = bodies;
    this.#verdicts = new VerdictWriter(primitives);
    this.frontier = frontier;
  }

  /**
   * Appends an entry.
   * @param ownsFile - True if no earlier entry put its sealed file on a chart.
   * @returns Its place.
   */
  add(prepared: PreparedEntry | PreparedRow, ownsFile: boolean): number {
    const index = this.frontier.size;
    this.#changes.push(...entryRows(this.#bodies, this.#verdicts, index, prepared, ownsFile));
    const leaf = leafHash(this.#primitives, prepared.entry);
    for (const { level, index: place, hash } of this.frontier.append(leaf)) {
      if (!isStoredLevel(level)) continue;
      this.#changes.push({ type: 'put', key: logRowKeys.hash(level, place), value: hash });
    }
    return index;
  }

  /** The rows of the group and the size of the log with it. */
  changes(): RowChange<Uint8Array>[] {
    return [
      ...this.#changes,
      ...this.#verdicts.changes(),
      { type: 'put', key: logRowKeys.size, value: u64(this.frontier.size) },
    ];
  }
}
