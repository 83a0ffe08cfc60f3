import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { LogName } from '../../protocol/ids.ts';
import { partsOfKey, presentedKey, presentedPrefix, setAsidePrefix } from './coordinatorKeys.ts';
import { PRESENTED_ROW } from './coordinatorRows.ts';
import type { CheckpointRequest, PresentedLog } from '../ports.ts';
import { parseRow } from '../../database/parseRow.ts';
import { rangeUnder } from '../../database/rangeUnder.ts';
import { SYNCED, type RowChange, type ServiceDatabase } from '../../database/synced.ts';

/**
 * Rows in which a coordinator keeps presented entries of logs, with the log's own note, until a copy of its organisation has
 * them and its ledger holds a checkpoint over them: if the log is lost meanwhile they may be all that is left, and if it shows
 * others another history they convict it. Rows of another history than the one that the coordinator follows are set aside: they
 * count for nothing, but may convict the log too.
 */
export class PresentedRows {
  readonly #database: ServiceDatabase;
  readonly #logs: ReadonlyMap<LogName, Pick<EvidenceLog, 'size'>>;

  /**
   * @param database - The coordinator's.
   * @param logs - Its organisation's own log and its copies of the others.
   */
  constructor(database: ServiceDatabase, logs: ReadonlyMap<LogName, Pick<EvidenceLog, 'size'>>) {
    this.#database = database;
    this.#logs = logs;
  }

  /**
   * Returns the changes that keep presented entries, and drop those that are not needed any more, or that the log took back:
   * all from the place of the first one on. A row before it may go on beyond that place, and holds only up to there.
   * @param request - The log with its entries, which follow those that are taken in.
   * @param held - Number of entries that a checkpoint of the organisation's own ledger is over, as they were presented.
   * @param isNews - True if the log signed the tree that ends with these entries, and the ones before were not proven. Without
   * entries its note is kept with the last ones, whose tree it signs.
   */
  async changes(
    { log, from, entries, verdicts, note }: CheckpointRequest,
    held: number,
    isNews: boolean,
  ): Promise<RowChange<string>[]> {
    const put = (row: PresentedLog): RowChange<string> => {
      return { type: 'put', key: presentedKey(log, row.from), value: JSON.stringify(row) };
    };
    const copied = Math.min(held, this.#logs.get(log)?.size ?? 0);
    const past = { gte: presentedPrefix(log), lt: presentedKey(log, Math.min(copied, from)) };
    const rows = (await this.#database.values(past).all()).map((row) => {
      return parseRow(PRESENTED_ROW, row);
    });
    const ended = rows
      .filter((row, nth) => Math.min(endOfPresented(row), rows[nth + 1]?.from ?? from) <= copied)
      .map((row) => presentedKey(log, row.from));
    const after = { gte: presentedKey(log, from), lt: rangeUnder(presentedPrefix(log)).lt };
    const takenBack = await this.#database.keys(after).all();
    const changes = [...ended, ...takenBack].map((key): RowChange<string> => ({
      type: 'del',
      key,
    }));
    if (entries.length > 0) {
      if (from + entries.length > copied) changes.push(put({ from, entries, verdicts, note }));
    } else if (isNews && from > copied) {
      const last = await this.at(log, from - 1);
      if (last !== undefined && endOfPresented(last) === from) changes.push(put({ ...last, note }));
    }
    return changes;
  }

  /** Returns the changes that set aside all presented entries of a log for an edge of some size, which is never taken up twice. */
  async settingAside(log: LogName, edge: number): Promise<RowChange<string>[]> {
    const changes: RowChange<string>[] = [];
    const from = presentedPrefix(log);
    for await (const [key, value] of this.#database.iterator(rangeUnder(from))) {
      changes.push({ type: 'del', key });
      const aside = presentedPrefix(log, edge) + key.slice(from.length);
      changes.push({ type: 'put', key: aside, value });
    }
    return changes;
  }

  /** Sizes of the edges for which presented entries of a log are set aside. */
  async setAside(log: LogName): Promise<ReadonlySet<number>> {
    const keys = await this.#database.keys(rangeUnder(setAsidePrefix(log))).all();
    return new Set(keys.map((key) => Number(partsOfKey('setAside', key)[1])));
  }

  /** Drops what was set aside of a log for an edge of some size. */
  async dropSetAside(log: LogName, edge: number): Promise<void> {
    const keys = await this.#database.keys(rangeUnder(presentedPrefix(log, edge))).all();
    const drops = keys.map((key) => ({ type: 'del', key }) as const);
    await this.#database.batch(drops, SYNCED);
  }

  /**
   * All presented entries of a log that are kept, or that were set aside for an edge of some size, in their order, each row up to
   * where the next one begins.
   */
  async *all(log: LogName, edge?: number): AsyncGenerator<PresentedLog> {
    let last: PresentedLog | undefined;
    for await (const text of this.#database.values(rangeUnder(presentedPrefix(log, edge)))) {
      const row = parseRow(PRESENTED_ROW, text);
      if (last !== undefined) {
        yield { ...last, entries: last.entries.slice(0, row.from - last.from) };
      }
      last = row;
    }
    if (last !== undefined) yield last;
  }

  /** Place of the first presented entry behind another place that is kept; undefined if none is. */
  async next(log: LogName, place: number): Promise<number | undefined> {
    const range = { gt: presentedKey(log, place), lt: rangeUnder(presentedPrefix(log)).lt };
    for await (const row of this.#database.values({ ...range, limit: 1 })) {
      return parseRow(PRESENTED_ROW, row).from;
    }
    return undefined;
  }

  /** Presented entries of a log with the one at a place, if they are still kept; undefined if not. */
  async at(log: LogName, place: number): Promise<PresentedLog | undefined> {
    const range = { gte: presentedPrefix(log), lte: presentedKey(log, place) };
    for await (const [, row] of this.#database.iterator({ ...range, reverse: true, limit: 1 })) {
      const shown = parseRow(PRESENTED_ROW, row);
      return endOfPresented(shown) > place ? shown : undefined;
    }
    return undefined;
  }
}

/** Place behind the last entry. */
export function endOfPresented({ from, entries }: PresentedLog): number {
  return from + entries.length;
}
