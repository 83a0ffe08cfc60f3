import { AbstractIterator, AbstractLevel, type AbstractIteratorOptions } from 'abstract-level';
import { checkRows, type RowChecks } from '../rows/checkRows.ts';
import { BINARY, type RowChange } from '../synced.ts';
import type { ErasableHeads } from './ErasableHeads.ts';
import type { PostgresSession } from './PostgresSession.ts';
import { selectRange, selectRows, type KeyRange } from './statements.ts';

type Row = [Buffer, Buffer | undefined];
type Range = KeyRange & { readonly keys?: boolean; readonly values?: boolean };
interface Operation {
  readonly type: 'put' | 'del';
  readonly key: Buffer;
  readonly value?: Buffer;
}

/** Rows that are asked for at first, and at most at once. */
const FIRST = 16;
const MOST = 1000;

/**
 * A store as a table of a PostgreSQL server. Each batch is durable when it resolves. Pages of an iterator are not one
 * moment's, and nothing can be read without waiting.
 */
export class PostgresDatabase extends AbstractLevel<string | Uint8Array | Buffer> {
  readonly #session: PostgresSession;
  readonly #table: string;
  readonly #heads: ErasableHeads | undefined;

  /**
   * @param session - It is not closed with the store.
   * @param name - The store's.
   * @param options.heads - Keeps the first bytes of erasable values on this machine; the server has whole values if absent.
   * @param options.onForward - As in `checkRows`.
   * @param options.onAltered - As in `checkRows`.
   */
  constructor(
    session: PostgresSession,
    name: string,
    { heads, ...checks }: { readonly heads?: ErasableHeads } & Omit<RowChecks, 'store'> = {},
  ) {
    super({ encodings: { buffer: true }, permanence: true });
    this.#session = session;
    this.#table = session.table(name);
    this.#heads = heads;
    checkRows(this, { ...checks, store: name });
  }

  /**
   * Makes changes durably. Of a value whose head is on this machine, the head goes from all files here, and what the
   * server has opens nothing. Other values stay in the server's files until it writes over them.
   *
   * @param changes - The last change of a key counts.
   * @throws MedsealError as `PostgresSession.write` does.
   */
  async purge(changes: readonly RowChange<Uint8Array>[]): Promise<void> {
    const keys = changes.map(({ key }) => key);
    await this.#heads?.begin(keys);
    await super.batch<Uint8Array, Uint8Array>([...changes], BINARY);
    await this.#heads?.forget(await this.#raw(keys));
  }

  async _open(): Promise<void> {
    await this.#session.makeTable(this.#table);
    const begun = (await this.#heads?.begun()) ?? [];
    if (begun.length > 0) await this.#heads?.forget(await this.#raw(begun));
  }

  async _get(key: Buffer): Promise<Buffer | undefined> {
    return (await this.#values([key]))[0];
  }

  async _getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    return await this.#values(keys);
  }

  async _put(key: Buffer, value: Buffer): Promise<void> {
    await this.#write([{ type: 'put', key, value }]);
  }

  async _del(key: Buffer): Promise<void> {
    await this.#write([{ type: 'del', key }]);
  }

  async _batch(operations: readonly Operation[]): Promise<void> {
    await this.#write(operations);
  }

  async #values(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    const rows = await this.#raw(keys);
    return (await this.#joined(rows.map(([key, value]) => [key, value] as Row))).map(
      ([, value]) => value,
    );
  }

  async #write(operations: readonly Operation[]): Promise<void> {
    if (operations.length === 0) return;
    const rows = this.#heads === undefined ? operations : await this.#heads.part(operations);
    await this.#session.write({ table: this.#table, rows });
  }

  async _clear(range: KeyRange): Promise<void> {
    await this.#session.write({ table: this.#table, range });
  }

  _iterator(options: Range): PostgresIterator {
    return new PostgresIterator(this, options, async (range, values) => {
      const { rows } = await this.#session.read(selectRange(this.#table, range, values));
      const found = rows as Row[];
      return values ? await this.#joined(found) : found;
    });
  }

  /** Rows as the server has them, one for each key. */
  async #raw(keys: readonly Uint8Array[]): Promise<(readonly [Buffer, Buffer | undefined])[]> {
    const found = new Map<number, Buffer>();
    if (keys.length > 0) {
      const { rows } = await this.#session.read(selectRows(this.#table, keys));
      for (const [place, value] of rows as [number, Buffer][]) {
        found.set(place - 1, value);
      }
    }
    return keys.map((key, place) => [Buffer.from(key), found.get(place)] as const);
  }

  async #joined(rows: readonly Row[]): Promise<Row[]> {
    return this.#heads === undefined ? [...rows] : await this.#heads.join(rows);
  }
}

/** Reads the rows of a range page by page, few at first. */
class PostgresIterator extends AbstractIterator<PostgresDatabase, Buffer, Buffer> {
  readonly #read: (range: KeyRange, values: boolean) => Promise<Row[]>;
  readonly #values: boolean;
  #rest: KeyRange;
  #left: number;
  #size = FIRST;
  #page: Row[] = [];
  #isEnded = false;

  constructor(
    database: PostgresDatabase,
    range: Range,
    read: (range: KeyRange, values: boolean) => Promise<Row[]>,
  ) {
    super(database, range as AbstractIteratorOptions<Buffer, Buffer>);
    const { gt, gte, lt, lte, reverse = false, limit = -1, values = true } = range;
    this.#rest = {
      ...(gt !== undefined && { gt }),
      ...(gte !== undefined && { gte }),
      ...(lt !== undefined && { lt }),
      ...(lte !== undefined && { lte }),
      reverse,
    };
    this.#left = limit < 0 ? Infinity : limit;
    this.#values = values;
    this.#read = read;
  }

  async _next(): Promise<[Buffer, Buffer] | undefined> {
    return (await this.#take(1))[0];
  }

  async _nextv(size: number): Promise<[Buffer, Buffer][]> {
    return await this.#take(size);
  }

  async #take(size: number): Promise<[Buffer, Buffer][]> {
    while (this.#page.length < size && !this.#isEnded) await this.#fetch(size);
    return this.#page.splice(0, size) as [Buffer, Buffer][];
  }

  async #fetch(size: number): Promise<void> {
    const limit = Math.min(Math.max(this.#size, Math.min(size, MOST)), this.#left);
    if (limit === 0) {
      this.#isEnded = true;
      return;
    }
    this.#size = Math.min(8 * this.#size, MOST);
    const rows = await this.#read({ ...this.#rest, limit }, this.#values);
    this.#left -= rows.length;
    this.#isEnded = rows.length < limit;
    const last = rows.at(-1)?.[0];
    if (last !== undefined) {
      const { gt: _gt, gte: _gte, ...below } = this.#rest;
      const { lt: _lt, lte: _lte, ...above } = this.#rest;
      this.#rest = this.#rest.reverse === true ? { ...above, lt: last } : { ...below, gt: last };
    }
    // A row whose head is lost is lost.
    this.#page.push(...rows.filter(([, value]) => value !== undefined || !this.#values));
  }
}
