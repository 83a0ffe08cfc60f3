import { createHash } from 'node:crypto';
import { BINARY, BINARY_SYNCED, type LocalDatabase, type RowChange } from '../synced.ts';

type Row = [Buffer, Buffer | undefined];
interface Operation {
  readonly type: 'put' | 'del';
  readonly key: Buffer;
  readonly value?: Buffer;
}

/** Bytes of a value's head: the secret that opens a body. */
const HEAD = 32;
/** Bytes that tell one head of a row from another. */
const TAG = 8;
/** Rows here: heads, and keys whose former heads have to go. */
const [HEADS, BEGUN] = [Uint8Array.of(0), Uint8Array.of(1)];

/**
 * Heads of erasable values, in a database on this machine: a server keeps what was replaced in its logs, its standbys and
 * its backups, from which nothing can be taken back. The server has a tag and the rest of each value. A head is durable here
 * before the server gets the rest, and goes from all files here when the value is purged. The rest opens nothing.
 */
export class ErasableHeads {
  readonly #database: LocalDatabase;
  readonly #isErasable: (key: Uint8Array) => boolean;

  /**
   * @param database - On this machine, open; it is not closed.
   * @param isErasable - Tells from a key whether its value has a head.
   */
  constructor(database: LocalDatabase, isErasable: (key: Uint8Array) => boolean) {
    this.#database = database;
    this.#isErasable = isErasable;
  }

  /**
   * Keeps the heads of values that are to be written.
   * @returns The operations without the heads.
   */
  async part(operations: readonly Operation[]): Promise<readonly Operation[]> {
    const heads: RowChange<Uint8Array>[] = [];
    const rest = operations.map((operation) => {
      const { type, key, value } = operation;
      if (type === 'del' || value === undefined || !this.#isErasable(key)) return operation;
      const head = value.subarray(0, HEAD);
      const tag = tagOf(head);
      heads.push({ type: 'put', key: headKey(key, tag), value: head });
      return { type, key, value: Buffer.concat([tag, value.subarray(HEAD)]) };
    });
    if (heads.length > 0) {
      await this.#database.batch<Uint8Array, Uint8Array>([...heads], BINARY_SYNCED);
    }
    return rest;
  }

  /**
   * Puts values together again.
   * @param rows - As the server has them.
   * @returns The rows; without value if its head is lost.
   */
  async join(rows: readonly Row[]): Promise<Row[]> {
    const places = rows.flatMap(([key, value], place) =>
      value !== undefined && this.#isErasable(key) ? [place] : [],
    );
    if (places.length === 0) return [...rows];
    const keys = places.map((place) => {
      const [key, value] = rows[place] ?? [];
      return headKey(key ?? HEADS, value?.subarray(0, TAG) ?? HEADS);
    });
    const heads = await this.#database.getMany<Uint8Array, Uint8Array>(keys, BINARY);
    const joined = [...rows];
    for (const [i, place] of places.entries()) {
      const [key, value] = rows[place] ?? [];
      const head = heads[i];
      if (key === undefined || value === undefined) continue;
      const whole = head && tagOf(head).equals(value.subarray(0, TAG));
      joined[place] = [key, whole ? Buffer.concat([head, value.subarray(TAG)]) : undefined];
    }
    return joined;
  }

  /** Notes durably that the former heads of rows are about to go. */
  async begin(keys: readonly Uint8Array[]): Promise<void> {
    const puts = keys
      .filter((key) => this.#isErasable(key))
      .map((key) => ({ type: 'put' as const, key: Buffer.concat([BEGUN, key]), value: BEGUN }));
    if (puts.length > 0) await this.#database.batch<Uint8Array, Uint8Array>(puts, BINARY_SYNCED);
  }

  /** Keys of rows whose former heads were about to go when this machine stopped. */
  async begun(): Promise<readonly Uint8Array[]> {
    const range = { gt: BEGUN, lt: Uint8Array.of(2), keyEncoding: BINARY.keyEncoding };
    const keys = await this.#database.keys<Uint8Array>(range).all();
    return keys.map((key) => key.slice(1));
  }

  /**
   * Takes all heads of rows but the present ones from this machine's files.
   * @param rows - As the server has them now.
   */
  async forget(rows: readonly (readonly [Uint8Array, Uint8Array | undefined])[]): Promise<void> {
    const gone: RowChange<Uint8Array>[] = [];
    for (const [key, value] of rows) {
      if (!this.#isErasable(key)) continue;
      const present = value && headKey(key, value.subarray(0, TAG));
      const first = headKey(key, new Uint8Array(TAG));
      const last = headKey(key, new Uint8Array(TAG).fill(0xff));
      const range = { gte: first, lte: last, keyEncoding: BINARY.keyEncoding };
      for (const head of await this.#database.keys<Uint8Array>(range).all()) {
        // A longer key may lie between.
        if (head.length !== first.length || present?.equals(head)) continue;
        gone.push({ type: 'del', key: head.slice() });
      }
      gone.push({ type: 'del', key: Buffer.concat([BEGUN, key]) });
    }
    if (gone.length > 0) await this.#database.purge(gone);
  }
}

function headKey(key: Uint8Array, tag: Uint8Array): Buffer {
  return Buffer.concat([HEADS, key, tag]);
}

/** It says nothing of a head: that is random, or the name of somebody that its log has. */
function tagOf(head: Uint8Array): Buffer {
  return createHash('sha256').update(head).digest().subarray(0, TAG);
}
