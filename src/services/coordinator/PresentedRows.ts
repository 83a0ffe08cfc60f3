import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { LogName } from '../../protocol/ids.ts';
import { presentedKey, presentedPrefix } from './coordinatorKeys.ts';
import { PRESENTED_ROW } from './coordinatorRows.ts';
import type { CheckpointRequest, PresentedLog } from '../ports.ts';
import { parseRow } from '../../database/parseRow.ts';
import { rangeUnder } from '../../database/rangeUnder.ts';
import type { RowChange, ServiceDatabase } from '../../database/synced.ts';

/**
 * Rows in which a coordinator keeps presented entries of logs, with the log's own note, until a copy of its organisation has
 * them and its ledger holds a checkpoint over them: if the log is lost meanwhile they may be all that is left, and if it shows
 * others another history they convict it.
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
   * all from the place of the first one on.
   * @param request - The log with its entries, which follow those that are taken in.
   * @param held - Number of entries that a checkpoint of the organisation's own ledger is over, as they were presented.
   */
  async changes(
    { log, from, entries, verdicts, note }: CheckpointRequest,
    held: number,
  ): Promise<RowChange<string>[]> {
    const copied = Math.min(held, this.#logs.get(log)?.size ?? 0);
    const past = { gte: presentedPrefix(log), lt: presentedKey(log, copied) };
    const rows = await this.#database.iterator(past).all();
    const ended = rows.filter(([, row]) => endOf(parseRow(PRESENTED_ROW, row)) <= copied);
    const after = { gte: presentedKey(log, from), lt: rangeUnder(presentedPrefix(log)).lt };
    const takenBack = await this.#database.keys(after).all();
    const value = JSON.stringify({ from, entries, verdicts, note } satisfies PresentedLog);
    return [
      ...[...ended.map(([key]) => key), ...takenBack].map((key) => ({ type: 'del' as const, key })),
      ...(entries.length === 0 || from + entries.length <= copied
        ? []
        : [{ type: 'put' as const, key: presentedKey(log, from), value }]),
    ];
  }

  /** All presented entries of a log that are kept, in their order. */
  async *all(log: LogName): AsyncGenerator<PresentedLog> {
    for await (const row of this.#database.values(rangeUnder(presentedPrefix(log)))) {
      yield parseRow(PRESENTED_ROW, row);
    }
  }

  /** Presented entries of a log with the one at a place, if they are still kept; undefined if not. */
  async at(log: LogName, place: number): Promise<PresentedLog | undefined> {
    const range = { gte: presentedPrefix(log), lte: presentedKey(log, place) };
    for await (const [, row] of this.#database.iterator({ ...range, reverse: true, limit: 1 })) {
      const shown = parseRow(PRESENTED_ROW, row);
      return endOf(shown) > place ? shown : undefined;
    }
    return undefined;
  }
}

/** Place behind the last entry. */
function endOf({ from, entries }: PresentedLog): number {
  return from + entries.length;
}
