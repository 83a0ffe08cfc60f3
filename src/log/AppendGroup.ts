import { utf8ToBytes } from '../crypto/bytes.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import type { MerkleFrontier } from '../crypto/merkle/MerkleFrontier.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { BodyEncryption } from './encryptBodies.ts';
import { encodeEntryRow } from './entryRow.ts';
import { keys, number } from './keys.ts';
import type { RowChange } from './LogRows.ts';
import type { PreparedEntry } from './prepareEntry.ts';

const NOTHING = new Uint8Array(0);

/** Entries that are appended together, as the rows that they become. */
export class AppendGroup {
  readonly #primitives: Pick<Primitives, 'sha256'>;
  readonly #bodies: BodyEncryption;
  readonly #changes: RowChange[] = [];
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
    this.frontier = frontier;
  }

  /**
   * Appends an entry.
   * @returns Its place.
   */
  add({ given, entry, body, at, request, handle, version }: PreparedEntry): number {
    const index = this.frontier.size;
    const { secret, sealed } = this.#bodies.seal(index, body);
    this.#put(keys.entry(index), encodeEntryRow({ entry, at, bodySize: body.length }));
    this.#put(keys.verdicts(index), utf8ToBytes(JSON.stringify(given.verdicts)));
    this.#put(keys.body(index), sealed);
    this.#put(keys.bodySecret(index), secret);
    this.#put(keys.request(request), number(index));
    this.#put(keys.patient(handle, index), NOTHING);
    if (version !== undefined) {
      this.#put(keys.version(handle, version.record, version.version), number(index));
    }
    for (const { level, index: place, hash } of this.frontier.append(
      leafHash(this.#primitives, entry),
    )) {
      this.#put(keys.hash(level, place), hash);
    }
    return index;
  }

  /** The rows of the group and the size of the log with it. */
  changes(): RowChange[] {
    return [...this.#changes, { type: 'put', key: keys.size, value: number(this.frontier.size) }];
  }

  #put(key: Uint8Array, value: Uint8Array): void {
    this.#changes.push({ type: 'put', key, value });
  }
}
