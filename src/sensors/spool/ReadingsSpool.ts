import { GroupCommit } from '../../database/GroupCommit.ts';
import { parseRow } from '../../database/parseRow.ts';
import { BINARY, BINARY_VALUES, SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import {
  batchKey,
  ENDED_ROWS,
  endedKey,
  messageKey,
  preparedKey,
  SPOOLED,
  WAITING_ROWS,
  waitingKey,
  type SpooledRow,
} from './spoolRows.ts';
import { WaitingBatches, type WaitingBatch } from './WaitingBatches.ts';

/** Limits of a spool. */
export interface SpoolLimits {
  /** Bytes that may wait: messages, and `ROWS` for each. */
  readonly bytes: number;
  /** Batches of one device that may wait. */
  readonly perDevice: number;
  /** Seconds for which a batch that ended is remembered. */
  readonly remembered: number;
  /** Batches that ended and are remembered; the oldest give way. */
  readonly ended: number;
}

/** Limits if nothing else is said: a gigabyte, a day of a device's batches of 10 seconds, a week, about 100 MB. */
export const SPOOL_LIMITS: SpoolLimits = {
  bytes: 1_073_741_824,
  perDevice: 10_000,
  remembered: 604_800,
  ended: 250_000,
};

/** Bytes that count for a batch beside its message: its rows, and the request that is prepared of it. */
export const ROWS = 4096;
/** Batches that are forgotten at once. */
const FORGOTTEN_AT_ONCE = 256;

/** A batch that waits, with what is stored of it. */
export interface StoredBatch extends WaitingBatch {
  /** Message as the device sent it. */
  readonly message: Uint8Array;
  /** The request that was prepared before, to be sent again byte for byte. */
  readonly prepared?: string;
}

/** End of a batch: its place on a log, or the refusal. */
export type BatchEnd =
  | { readonly state: 'entered'; readonly log: string; readonly index: number }
  | ({ readonly state: 'refused'; readonly code: string } & RefusalText);

/** Text of a refusal, and the values that it names; absent if an earlier version stored the refusal. */
type RefusalText = Pick<SpooledRow, 'message' | 'values'>;

/** State of a batch as its device is told it. */
export type BatchState = { readonly state: 'stored' } | BatchEnd;

interface Change {
  readonly rows: readonly (
    | { readonly type: 'put'; readonly key: string; readonly value: string | Uint8Array }
    | { readonly type: 'del'; readonly key: string }
  )[];
}

/**
 * Readings on their way from devices to the log, on disk. A batch is stored before its device is told so, what was
 * prepared of it is stored before it is sent, and its end is stored before the device hears of it: a process that is
 * killed at any moment loses nothing, and repeats the same bytes.
 */
export class ReadingsSpool {
  readonly #database: ServiceDatabase;
  readonly #clock: Clock;
  readonly #limits: SpoolLimits;
  readonly #waiting = new WaitingBatches();
  /** Places in the order of arrival, by digest. */
  readonly #numbers = new Map<Bytes32, number>();
  readonly #commit: GroupCommit<Change, void>;
  readonly #storing = new Map<Bytes32, Promise<BatchState>>();
  #storingBytes = 0;
  #next = 0;
  /** Number of batches that ended and are remembered. */
  #ended = 0;
  #forgetting: Promise<void> | undefined;
  /** Bytes that were deleted, and that the database may still have in its files. */
  #deleted = 0;
  #merging: Promise<void> | undefined;
  #failure: unknown;

  private constructor(database: ServiceDatabase, clock: Clock, limits: SpoolLimits) {
    this.#database = database;
    this.#clock = clock;
    this.#limits = limits;
    this.#commit = new GroupCommit(async (changes) => {
      const rows = changes.flatMap((change) => change.rows);
      try {
        await database.batch(
          rows.map((row) =>
            row.type === 'put' && typeof row.value !== 'string'
              ? { ...row, ...BINARY_VALUES }
              : row,
          ) as never,
          SYNCED,
        );
      } catch (error) {
        this.#failure ??= error;
        throw error;
      }
    });
  }

  /**
   * Opens a spool; all that waits in it is in line again.
   *
   * @param database - The spool's own.
   * @param clock - The time.
   * @param limits - The most that it may hold.
   */
  static async open(
    database: ServiceDatabase,
    clock: Clock,
    limits: SpoolLimits = SPOOL_LIMITS,
  ): Promise<ReadingsSpool> {
    const spool = new ReadingsSpool(database, clock, limits);
    for await (const [key, digest] of database.iterator(WAITING_ROWS)) {
      const number = Number(key.split('/').at(-1));
      const row = await spool.#rowOf(digest as Bytes32);
      if (row === undefined) throw new RangeError('a row of the spool is missing');
      spool.#numbers.set(digest as Bytes32, number);
      const { device, size, movedAt } = row;
      spool.#waiting.add({ digest: digest as Bytes32, device, size, movedAt });
      spool.#next = number + 1;
    }
    for await (const _ of database.keys(ENDED_ROWS)) spool.#ended += 1;
    return spool;
  }

  /** Error of the first write that failed: the database takes no further one; undefined if none did. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Number of batches that wait for their entry, and bytes of their messages. */
  get waiting(): { readonly batches: number; readonly bytes: number } {
    return { batches: this.#waiting.count, bytes: this.#waiting.bytes };
  }

  /**
   * Stores a batch; resolves when it is on disk. A batch that is known is not stored again.
   *
   * @param batch - Digest and device, verified.
   * @param message - Message of the device.
   * @returns State of the batch: stored, or how it ended.
   * @throws MedsealError `STORAGE_FULL` if the spool has no room; `QUOTA_SPENT` if too many batches of the device wait.
   */
  async store(
    batch: Pick<WaitingBatch, 'digest' | 'device'>,
    message: Uint8Array,
  ): Promise<BatchState> {
    const { digest } = batch;
    const known = this.#storing.get(digest);
    if (known !== undefined) return await known;
    const storing = this.#store({ ...batch, size: message.length }, message);
    this.#storing.set(digest, storing);
    try {
      return await storing;
    } finally {
      this.#storing.delete(digest);
    }
  }

  /**
   * Finds how far a batch has come.
   *
   * @param digest - `readingsDigest` of its header.
   * @returns Undefined if it is not known, or no longer.
   */
  async find(digest: Bytes32): Promise<BatchState | undefined> {
    const row = await this.#rowOf(digest);
    return row && stateOf(row);
  }

  /**
   * Takes batches to be sent, devices in turn. Each must be ended or put back.
   *
   * @param most - Largest number.
   */
  async take(most: number): Promise<readonly StoredBatch[]> {
    const taken = this.#waiting.take(most, this.#clock.now());
    if (taken.length === 0) return [];
    const [messages, prepared] = await Promise.all([
      this.#database.getMany<string, Uint8Array>(
        taken.map(({ digest }) => messageKey(digest)),
        BINARY_VALUES,
      ),
      this.#database.getMany<string, string>(
        taken.map(({ digest }) => preparedKey(digest)),
        {},
      ),
    ]);
    return taken.map((batch, place) => {
      const message = messages[place];
      const request = prepared[place];
      if (message === undefined) throw new RangeError('a message of the spool is missing');
      return { ...batch, message, ...(request !== undefined && { prepared: request }) };
    });
  }

  /** Stores the request that was prepared of a batch; resolves when it is on disk. */
  async keepPrepared({ digest }: WaitingBatch, prepared: string): Promise<void> {
    await this.#commit.add({ rows: [{ type: 'put', key: preparedKey(digest), value: prepared }] });
  }

  /** Forgets what was prepared of a batch that must be sealed again. */
  async discardPrepared({ digest }: WaitingBatch): Promise<void> {
    await this.#commit.add({ rows: [{ type: 'del', key: preparedKey(digest) }] });
  }

  /** Notes that a batch was sealed for another node's log, forgets what was prepared, and returns the batch with that note. */
  async move(batch: StoredBatch): Promise<StoredBatch> {
    const { digest, device, size, movedAt = seconds(this.#clock) } = batch;
    const { at = movedAt } = (await this.#rowOf(digest)) ?? {};
    const row: SpooledRow = { device, size, state: 'received', at, movedAt };
    await this.#commit.add({
      rows: [
        { type: 'put', key: batchKey(digest), value: JSON.stringify(row) },
        { type: 'del', key: preparedKey(digest) },
      ],
    });
    return { ...batch, movedAt };
  }

  /**
   * Puts a batch back in line.
   *
   * @param batch - It was taken.
   * @param rest - Milliseconds for which its device's line rests.
   */
  putBack({ digest, device, size, movedAt }: WaitingBatch, rest = 0): void {
    // Without its message, which is read again when its turn comes.
    this.#waiting.putBack({ digest, device, size, movedAt });
    const now = this.#clock.now();
    if (rest > 0) this.#waiting.rest(device, now, now + rest);
  }

  /** Milliseconds until the first of the devices that rest has a turn; undefined if no batch waits for that. */
  get rest(): number | undefined {
    return this.#waiting.restLeft(this.#clock.now());
  }

  /** Stores the end of a batch; resolves when it is on disk. Its message is deleted once it is on a log. */
  async end(batch: WaitingBatch, end: BatchEnd): Promise<void> {
    const { digest, device, size } = batch;
    const at = seconds(this.#clock);
    const row: SpooledRow = { device, size, at, ...end };
    const number = this.#numbers.get(digest);
    await this.#commit.add({
      rows: [
        { type: 'put', key: batchKey(digest), value: JSON.stringify(row) },
        { type: 'put', key: endedKey(at, digest), value: digest },
        { type: 'del', key: preparedKey(digest) },
        { type: 'del', key: messageKey(digest) },
        ...(number === undefined ? [] : [{ type: 'del', key: waitingKey(number) } as const]),
      ],
    });
    this.#numbers.delete(digest);
    this.#waiting.end(batch);
    this.#ended += 1;
    this.#deleted += size + ROWS;
    this.#merge();
    if (this.#ended >= this.#limits.ended + FORGOTTEN_AT_ONCE) await this.#forgetOldest();
  }

  /** Forgets batches that ended long ago. */
  async prune(): Promise<void> {
    const before = endedKey(seconds(this.#clock) - this.#limits.remembered, '0x');
    const old = { ...ENDED_ROWS, lt: before, limit: FORGOTTEN_AT_ONCE };
    while ((await this.#forget(old)) > 0);
  }

  /** Forgets those that ended first, until no more are left than may be; ends at the same time wait for it. */
  async #forgetOldest(): Promise<void> {
    this.#forgetting ??= (async () => {
      while (this.#ended > this.#limits.ended) {
        const limit = Math.min(FORGOTTEN_AT_ONCE, this.#ended - this.#limits.ended);
        if ((await this.#forget({ ...ENDED_ROWS, limit })) === 0) break;
      }
    })().finally(() => {
      this.#forgetting = undefined;
    });
    await this.#forgetting;
  }

  /** Forgets the batches of a range of ends, and returns how many they were. */
  async #forget(range: typeof ENDED_ROWS & { readonly limit: number }): Promise<number> {
    const ended = await this.#database.iterator(range).all();
    if (ended.length === 0) return 0;
    await this.#commit.add({
      rows: ended.flatMap(([key, digest]) => [
        { type: 'del', key },
        { type: 'del', key: batchKey(digest as Bytes32) },
      ]),
    });
    this.#ended -= ended.length;
    return ended.length;
  }

  /** Waits until all that was stored is on disk. */
  async idle(): Promise<void> {
    await this.#commit.idle();
    await this.#merging;
  }

  /** Has the database give back the room of deleted rows: left alone, it does so too late if much goes through it. */
  #merge(): void {
    if (this.#merging !== undefined || this.#deleted < this.#limits.bytes / 4) return;
    this.#deleted = 0;
    const { keyEncoding } = BINARY;
    const [start, end] = [Uint8Array.of(0), Uint8Array.of(0xff)];
    const merging = this.#database.compactRange?.(start, end, { keyEncoding });
    // A failure shows at the next write; the rows are as they were.
    this.#merging = merging
      ?.catch(() => undefined)
      .finally(() => {
        this.#merging = undefined;
      });
  }

  async #store(batch: WaitingBatch, message: Uint8Array): Promise<BatchState> {
    const { digest, device, size } = batch;
    const known = await this.find(digest);
    if (known !== undefined) return known;
    const { bytes, perDevice } = this.#limits;
    if (this.#waiting.countOf(device) >= perDevice) {
      throw new MedsealError('QUOTA_SPENT', { what: 'the device' });
    }
    const weight = size + ROWS;
    const { bytes: waiting, count } = this.#waiting;
    if (waiting + count * ROWS + this.#storingBytes + weight > bytes) {
      throw new MedsealError('STORAGE_FULL', {});
    }
    const number = this.#next++;
    const row: SpooledRow = { device, size, state: 'received', at: seconds(this.#clock) };
    this.#storingBytes += weight;
    try {
      await this.#commit.add({
        rows: [
          { type: 'put', key: messageKey(digest), value: message },
          { type: 'put', key: batchKey(digest), value: JSON.stringify(row) },
          { type: 'put', key: waitingKey(number), value: digest },
        ],
      });
    } finally {
      this.#storingBytes -= weight;
    }
    this.#numbers.set(digest, number);
    this.#waiting.add(batch);
    return { state: 'stored' };
  }

  async #rowOf(digest: Bytes32): Promise<SpooledRow | undefined> {
    const row = await this.#database.get<string, string>(batchKey(digest), {});
    return row === undefined ? undefined : parseRow(SPOOLED, row);
  }
}

/** State of a batch as its row tells it. */
function stateOf({ state, log, index, code, message, values }: SpooledRow): BatchState {
  if (state === 'entered' && log !== undefined && index !== undefined) {
    return { state, log, index };
  }
  if (state === 'refused' && code !== undefined) {
    return { state, code, ...(message !== undefined && { message }), ...(values && { values }) };
  }
  return { state: 'stored' };
}
