import { MedsealError } from '../../errors/MedsealError.ts';
import { bringForward, MARK } from './bringForward.ts';
import { withChecksum, withoutChecksum } from './rowChecksum.ts';

/** Options of `checkRows`. */
export interface RowChecks {
  /** Name of the store, for messages. */
  readonly store: string;
  /** Tells if the engine's files are as it wrote them, while they are closed. They count as whole if absent. */
  readonly areFilesWhole?: () => Promise<boolean>;
  /** Called with the number of earlier rows that got their checksum so far. */
  readonly onForward?: (rows: number) => void;
  /**
   * Called with the key of a row that is not as it was written, which then reads as absent, but counts for a limit: for
   * examinations and repairs alone. If absent, such a read fails.
   */
  readonly onAltered?: (key: Uint8Array) => void;
}

type Bytes = string | Uint8Array;
type Row = [Bytes | undefined, Bytes | undefined];

/** Options of a read, as abstract-level hands them on: encodings are `utf8`, `view` or `buffer`. */
interface Reading {
  readonly keyEncoding?: string;
  readonly valueEncoding?: string;
}

interface Range extends Reading {
  readonly gt?: Bytes;
  readonly gte?: Bytes;
  readonly keys?: boolean;
  readonly values?: boolean;
  readonly [option: string]: unknown;
}

interface Operation {
  readonly type: 'put' | 'del';
  readonly key: Bytes;
  value?: Bytes;
  valueEncoding?: string;
}

interface Steps {
  _next(): Promise<Row | undefined>;
  _nextv(size: number, options?: object): Promise<Row[]>;
  close(): Promise<void>;
}

/** An engine's own part of an abstract-level database, which its types do not name. */
interface Engine {
  _open(options: object): Promise<void>;
  _close(): Promise<void>;
  _get(key: Bytes, options: Reading): Promise<Uint8Array | undefined>;
  _getSync(key: Bytes, options: Reading): Uint8Array | undefined;
  _getMany(keys: readonly Bytes[], options: Reading): Promise<(Uint8Array | undefined)[]>;
  _put(key: Bytes, value: Bytes, options: Reading): Promise<void>;
  _batch(operations: readonly Operation[], options: object): Promise<void>;
  _clear(range: Range): Promise<void>;
  _iterator(range: Range): Steps;
}

/** Rows that are brought forward at once, and about so many bytes. */
const [ROWS, BYTES] = [1000, 2 ** 20];
const BYTES_OF = { valueEncoding: 'view' } as const;
const ALL_BYTES = { keyEncoding: 'view', ...BYTES_OF } as const;

/**
 * Has every row of a database carry a checksum over its key and value, below its port: each write adds it, and each read and
 * iteration verifies it, also one of keys alone. When it is opened, rows that have none yet get theirs.
 *
 * A row that is not as it was written fails with `STORE_DAMAGED`, as does a file that the engine itself cannot read. A row
 * that is lost, with its key or as a whole, is not noticed.
 *
 * @param database - It is changed. None of its engine's methods may call another one of those that are changed.
 * @param checks - Name of the store, and receivers of what is found.
 */
export function checkRows(database: object, checks: RowChecks): void {
  const engine = database as Engine;
  const raw = bound(engine);
  const { store, areFilesWhole, onForward, onAltered } = checks;
  const damaged = (cause?: unknown): MedsealError =>
    new MedsealError('STORE_DAMAGED', { store }, cause === undefined ? {} : { cause });
  const failed = (error: unknown): unknown => {
    const { code } = error as { readonly code?: unknown };
    return code === 'LEVEL_CORRUPTION' || code === 'LEVEL_IO_ERROR' ? damaged(error) : error;
  };
  /** A value in the form that was asked for; undefined if the row was altered and that is told elsewhere. */
  const valueOf = (
    key: Bytes,
    stored: Uint8Array | undefined,
    { valueEncoding }: Reading,
  ): Bytes | undefined => {
    if (stored === undefined) return undefined;
    const value = withoutChecksum(key, stored);
    if (value !== undefined) return valueEncoding === 'utf8' ? textOf(value) : value;
    if (onAltered === undefined) throw damaged();
    onAltered(Buffer.from(key));
    return undefined;
  };
  /** Rows of which each is as it was written, without what was not asked for. */
  const rowsOf = (rows: Row[], range: Range): Row[] =>
    rows.flatMap(([key = MARK, stored]): Row[] => {
      const value = valueOf(key, stored as Uint8Array, range);
      if (value === undefined) return [];
      return [[range.keys === false ? undefined : key, range.values === false ? undefined : value]];
    });

  const own = {
    async _open(options: object) {
      try {
        await raw._open(options);
        const areWhole = async (): Promise<boolean> => {
          if (areFilesWhole === undefined) return true;
          await raw._close();
          const whole = await areFilesWhole();
          await raw._open(options);
          return whole;
        };
        if (await bringForward({ ...raw, areWhole }, onForward)) return;
      } catch (error) {
        await raw._close().catch(() => undefined);
        throw failed(error);
      }
      await raw._close();
      throw damaged();
    },
    async _get(key: Bytes, options: Reading) {
      try {
        return valueOf(key, await raw._get(key, { ...options, ...BYTES_OF }), options);
      } catch (error) {
        throw failed(error);
      }
    },
    _getSync(key: Bytes, options: Reading) {
      try {
        return valueOf(key, raw._getSync(key, { ...options, ...BYTES_OF }), options);
      } catch (error) {
        throw failed(error);
      }
    },
    async _getMany(keys: readonly Bytes[], options: Reading) {
      try {
        const stored = await raw._getMany(keys, { ...options, ...BYTES_OF });
        return stored.map((each, place) => valueOf(keys[place] ?? MARK, each, options));
      } catch (error) {
        throw failed(error);
      }
    },
    async _put(key: Bytes, value: Bytes, options: Reading) {
      await raw._put(key, withChecksum(key, value), { ...options, ...BYTES_OF });
    },
    async _batch(operations: readonly Operation[], options: object) {
      for (const each of operations) {
        if (each.type === 'del') continue;
        each.value = withChecksum(each.key, each.value ?? MARK);
        each.valueEncoding = BYTES_OF.valueEncoding;
      }
      await raw._batch(operations, options);
    },
    async _clear(range: Range) {
      await raw._clear(withoutMark(range));
    },
    _iterator(range: Range): Steps {
      const whole = { ...withoutMark(range), ...BYTES_OF, keys: true, values: true };
      const steps = raw._iterator(whole);
      const next = steps._next.bind(steps);
      const nextv = steps._nextv.bind(steps);
      steps._next = async () => {
        try {
          for (;;) {
            const row = await next();
            const [found] = row === undefined ? [row] : rowsOf([row], range);
            if (found !== undefined || row === undefined) return found;
          }
        } catch (error) {
          throw failed(error);
        }
      };
      steps._nextv = async (size, options) => {
        try {
          for (;;) {
            const rows = await nextv(size, options);
            const found = rowsOf(rows, range);
            if (found.length > 0 || rows.length === 0) return found;
          }
        } catch (error) {
          throw failed(error);
        }
      };
      return steps;
    },
  };
  for (const [name, value] of Object.entries(own)) {
    if (name in engine) Object.defineProperty(engine, name, { value });
  }
}

/** The engine's methods as they were, and its rows as it stores them. */
function bound(engine: Engine) {
  const iterator = engine._iterator.bind(engine);
  const get = engine._get.bind(engine);
  const batch = engine._batch.bind(engine);
  return {
    _open: engine._open.bind(engine),
    _close: engine._close.bind(engine),
    _get: get,
    _getSync: engine._getSync.bind(engine),
    _getMany: engine._getMany.bind(engine),
    _put: engine._put.bind(engine),
    _batch: batch,
    _clear: engine._clear.bind(engine),
    _iterator: iterator,
    get: async (key: Uint8Array) => await get(key, ALL_BYTES),
    async after(key: Uint8Array) {
      const steps = iterator({
        ...ALL_BYTES,
        gt: key,
        keys: true,
        values: true,
        reverse: false,
        limit: -1,
        highWaterMarkBytes: BYTES,
      });
      try {
        return (await steps._nextv(ROWS, {})) as [Uint8Array, Uint8Array][];
      } finally {
        await steps.close();
      }
    },
    async put(rows: readonly (readonly [Uint8Array, Uint8Array])[]) {
      const puts = rows.map(([key, value]) => ({ type: 'put' as const, key, value, ...ALL_BYTES }));
      await batch(puts, { ...ALL_BYTES, sync: true });
    },
  };
}

/** A range without the mark, which is before all other rows. */
function withoutMark(range: Range): Range {
  const { gt, gte, keyEncoding } = range;
  if (gt !== undefined || (gte !== undefined && gte.length > 0)) return range;
  const { gte: _, ...rest } = range;
  return { ...rest, gt: keyEncoding === 'utf8' ? '' : MARK };
}

function textOf(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString();
}
