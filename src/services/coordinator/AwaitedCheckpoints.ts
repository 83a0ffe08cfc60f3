import { parseRow } from '../../database/parseRow.ts';
import { SYNCED, type RowChange, type ServiceDatabase } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { LogName, Organisation } from '../../protocol/ids.ts';
import type { Channel } from '../../protocol/network/NetworkFile.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { isPastEnd } from '../entries/isPastEnd.ts';
import type { CoordinatorPort } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { awaitedKey, endOfLogKey, forgottenKey, partsOfKey, rowsOf } from './coordinatorKeys.ts';
import { AWAITED_ROW } from './coordinatorRows.ts';

/** Seconds from its return, by the ledger's time, until a checkpoint tells a coordinator what it may have forgotten. */
export const RETURNING = 300;

/** A log of which a coordinator signs no checkpoint yet. */
export interface DueCheckpoint {
  readonly log: LogName;
  /** Earliest time of the block whose checkpoint ends that, Unix seconds. */
  readonly after: number;
}

/** Options of `AwaitedCheckpoints`. */
export interface AwaitedOptions {
  /** The coordinator's store. */
  readonly database: ServiceDatabase;
  /** The logs of its channel. */
  readonly logs: ReadonlyMap<LogName, unknown>;
  /** The other organisations' coordinators. */
  readonly others: ReadonlyMap<Organisation, Pick<CoordinatorPort, 'awaited'>>;
}

/**
 * Checkpoints that a coordinator waits for since its folder was restored or rolled back. It may have forgotten what
 * another's log presented to it, and would sign for another history. Once the ledger holds a checkpoint that was made
 * long enough after its return, without its signature, whatever it forgot is below that, or was never to be.
 */
export class AwaitedCheckpoints {
  readonly #context: ServiceContext;
  readonly #options: AwaitedOptions;

  /**
   * @param context - The organisation's context.
   * @param options - Store, logs, the others.
   */
  constructor(context: ServiceContext, options: AwaitedOptions) {
    this.#context = context;
    this.#options = options;
  }

  /**
   * Begins to wait for one of each log of another that the others can have checkpointed without this coordinator. If all
   * must sign, one of those that went on knows what this one forgot. It notes of each log of another that it may have signed more, and takes back
   * that it ended any.
   */
  async begin(): Promise<void> {
    const { index, organisation, network } = this.#context;
    const { database, logs, others } = this.#options;
    await index.refresh();
    const value = JSON.stringify({ after: index.moment + RETURNING });
    const rows = [...logs.keys()].flatMap((name): RowChange<string>[] => {
      const { channel, log } = logOf(network, name);
      if (log.organisation === organisation) return [];
      const isAwaited = canCheckpoint(channel, new Set(others.keys()));
      const keys = [forgottenKey(name), ...(isAwaited ? [awaitedKey(name)] : [])];
      const puts = keys.map((key) => ({ type: 'put', key, value }) as const);
      return [...puts, { type: 'del', key: endOfLogKey(name) }];
    });
    await database.batch(rows, SYNCED);
  }

  /** All that it waits for. */
  async all(): Promise<readonly DueCheckpoint[]> {
    const all: DueCheckpoint[] = [];
    for await (const [key, row] of this.#options.database.iterator(rowsOf('awaited'))) {
      const [log = ''] = partsOfKey('awaited', key);
      all.push({ log, after: parseRow(AWAITED_ROW, row).after });
    }
    return all;
  }

  /** Earliest time of the block with the checkpoint of a log that it waits for, Unix seconds; 0 if it waits for none. */
  async of(log: LogName): Promise<number> {
    const row = await this.#options.database.get(awaitedKey(log));
    return row === undefined ? 0 : parseRow(AWAITED_ROW, row).after;
  }

  /** Tells whether it may have signed a checkpoint of a log that it forgot, and that the ledger may still get. */
  async mayHaveForgotten(log: LogName): Promise<boolean> {
    const row = await this.#options.database.get(forgottenKey(log));
    const after = row === undefined ? await this.of(log) : parseRow(AWAITED_ROW, row).after;
    return after > 0 && !(await this.#isThere({ log, after }));
  }

  /**
   * Requires that it waits for no checkpoint of a log; asks the ledger whether that one is there.
   * @throws MedsealError `CHECKPOINT_AWAITED`; `LEDGER_UNREACHABLE`.
   */
  async require(log: LogName): Promise<void> {
    const after = await this.of(log);
    if (after === 0) return;
    await this.#context.index.refresh();
    if (!(await this.#isThere({ log, after }))) {
      const moment = new Date(1000 * after).toISOString();
      throw new MedsealError('CHECKPOINT_AWAITED', { log, moment });
    }
    await this.#end(log);
  }

  /** Tells whether the ledger has the checkpoint. */
  async #isThere({ log, after }: DueCheckpoint): Promise<boolean> {
    const { index, network } = this.#context;
    const held = index.checkpoint(logOf(network, log).log.id);
    return held !== undefined && (await index.timeOf(held.block)) >= after;
  }

  /** Ends each wait that is over, or in vain. */
  async review(): Promise<void> {
    for (const each of await this.all()) {
      const isOver =
        !this.#options.logs.has(each.log) ||
        (await this.#hasEnded(each.log)) ||
        (await this.#isThere(each));
      if (isOver || (await this.#isVain(each.log))) await this.#end(each.log);
    }
  }

  /** Tells whether a log's organisation has left: nobody signs a checkpoint of it any more, and another note says what may be forgotten. */
  async #hasEnded(log: LogName): Promise<boolean> {
    if (!isPastEnd(this.#context, log)) return false;
    return (await this.#options.database.get(forgottenKey(log))) !== undefined;
  }

  /**
   * Tells whether too many others wait as well for a checkpoint of a log, so that nobody makes it: together they forgot
   * more than the rest of the network could tell. One that does not answer may be about to sign. A log's own
   * organisation never waits for it.
   */
  async #isVain(log: LogName): Promise<boolean> {
    const { channel, log: identity } = logOf(this.#context.network, log);
    const able = new Set([identity.organisation]);
    const asking = [...this.#options.others].map(async ([name, other]) => {
      const after = await other.awaited(log).catch(() => 0);
      if (after === 0) able.add(name);
    });
    await Promise.all(asking);
    return !canCheckpoint(channel, able);
  }

  async #end(log: LogName): Promise<void> {
    await this.#options.database.batch([{ type: 'del', key: awaitedKey(log) }], SYNCED);
  }
}

/** Tells whether organisations are enough to sign a checkpoint. */
function canCheckpoint(
  { coordinators, thresholds }: Channel,
  organisations: ReadonlySet<Organisation>,
): boolean {
  const signing = coordinators.map(({ organisation }) => organisation);
  return new Set(signing.filter((name) => organisations.has(name))).size >= thresholds.writes;
}
