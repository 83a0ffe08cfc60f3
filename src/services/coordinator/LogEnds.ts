import { parseRow } from '../../database/parseRow.ts';
import { SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { LogName, Organisation } from '../../protocol/ids.ts';
import { coordinatorsIn, logOf } from '../../protocol/network/networkLookups.ts';
import { logEndOf } from '../../protocol/network/officesOf.ts';
import { isPastEnd } from '../entries/isPastEnd.ts';
import { wentBeyond } from '../entries/wentBeyond.ts';
import type { CoordinatorPort } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { AwaitedCheckpoints } from './AwaitedCheckpoints.ts';
import type { CheckpointSigner } from './CheckpointSigner.ts';
import { endOfLogKey } from './coordinatorKeys.ts';
import { ENDED_ROW, type EndedRow } from './coordinatorRows.ts';

/** Options of `LogEnds`. */
export interface LogEndsOptions {
  /** The coordinator's store. */
  readonly database: ServiceDatabase;
  /** Its organisation's own log and copies of the channel's others. */
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  /** The other organisations' coordinators. */
  readonly others: ReadonlyMap<Organisation, Pick<CoordinatorPort, 'ended'>>;
  readonly signer: Pick<CheckpointSigner, 'betweenSignatures'>;
  readonly awaited: Pick<AwaitedCheckpoints, 'mayHaveForgotten'>;
}

/** Tells whether an entry that a log had to hold by a moment, Unix seconds, will not come if it is not there now. */
export type CameToNothing = (log: LogName, includeBy: number) => Promise<boolean>;

/**
 * Ends of logs whose organisation left, as a coordinator keeps them. It ends a log, durably, at the size that the ledger holds,
 * and then signs nothing more of it. Once so many ended it there that the rest are too few for a checkpoint, the end is agreed:
 * what the log promised and does not hold came to nothing.
 */
export class LogEnds {
  readonly #context: Pick<ServiceContext, 'network' | 'index'>;
  readonly #options: LogEndsOptions;
  #rows: Promise<Map<LogName, EndedRow>> | undefined;

  /**
   * @param context - The organisation's context.
   * @param options - Store, logs, the others, who signs.
   */
  constructor(context: Pick<ServiceContext, 'network' | 'index'>, options: LogEndsOptions) {
    this.#context = context;
    this.#options = options;
  }

  /**
   * Requires that a log's organisation did not leave, by the ledger's time, and that the log was not ended.
   * @throws MedsealError `LOG_ENDED`.
   */
  async requireOpen(log: LogName): Promise<void> {
    if (isPastEnd(this.#context, log) || (await this.#all()).has(log)) {
      throw new MedsealError('LOG_ENDED', { log });
    }
  }

  /** The size at which it ended a log by itself; it ends the log first if that is due. Undefined if it may have signed more. */
  async of(log: LogName): Promise<number | undefined> {
    if (this.#options.logs.has(log) && logEndOf(this.#context.network, log) < Infinity) {
      await this.#context.index.refresh();
    }
    return await this.#end(log);
  }

  /** Tells whether what a log had to hold by a moment came to nothing: it went on beyond that, or its end is agreed. */
  async cameToNothing(name: LogName, includeBy: number): Promise<boolean> {
    const log = this.#options.logs.get(name);
    if (log === undefined) return false;
    if (await wentBeyond(log, includeBy)) return true;
    const end = (await this.#all()).get(name);
    // A copy that is being filled again does not show all that came.
    return this.#isAgreed(end) && end.size === this.#placed(log) && log.size >= end.size;
  }

  /** Forgets what was read of its rows: they were changed. */
  reread(): void {
    this.#rows = undefined;
  }

  /**
   * Ends each log that is due, and asks the others about it until the end is agreed.
   * @throws MedsealError `LEDGER_UNREACHABLE`.
   */
  async review(): Promise<void> {
    const rows = await this.#all();
    const left = [...this.#options.logs].filter(([name]) => {
      return logEndOf(this.#context.network, name) < Infinity && !this.#isAgreed(rows.get(name));
    });
    if (left.length === 0) return;
    await this.#context.index.refresh();
    for (const [name, log] of left) if (this.#isOver(name)) await this.#agree(name, log);
  }

  async #agree(name: LogName, log: EvidenceLog): Promise<void> {
    const own = await this.#end(name);
    const size = own ?? this.#placed(log);
    const count = (await this.#ended(name, size)) + (own === undefined ? 0 : 1);
    // The others are enough for one that cannot say what it signed, such as after a restore: it signs nothing more either.
    if (log.size < size || count < this.#needed(name)) return;
    await this.#keep(name, { size, ...(own !== undefined && { own: true }), agreed: this.#number });
  }

  /** Ends a log if it signed no checkpoint that the ledger lacks, and its organisation holds what the ledger has. */
  async #end(name: LogName): Promise<number | undefined> {
    const log = this.#options.logs.get(name);
    if (log === undefined || !this.#isOver(name)) return undefined;
    return await this.#options.signer.betweenSignatures(name, async (signed) => {
      const row = (await this.#all()).get(name);
      const size = this.#placed(log);
      if (log.size < size || signed > size) return undefined;
      if (row?.own === true && row.size === size) return size;
      // Since it has a row of its own it signs nothing.
      const { awaited } = this.#options;
      if (row?.own !== true && (await awaited.mayHaveForgotten(name))) return undefined;
      await this.#keep(name, { ...(row?.size === size && row), size, own: true });
      return size;
    });
  }

  /** Number of the network file: with others in office, or another quorum, an end has to be agreed again. */
  get #number(): number {
    return this.#context.network.before?.length ?? 0;
  }

  #isAgreed(end: EndedRow | undefined): end is EndedRow {
    return end?.agreed === this.#number && end.agreed !== undefined;
  }

  /** Number of the others that ended a log at a size. */
  async #ended(log: LogName, size: number): Promise<number> {
    const asking = [...this.#options.others.values()].map(async (other) => await other.ended(log));
    const answers = await Promise.allSettled(asking);
    return answers.filter((each) => each.status === 'fulfilled' && each.value === size).length;
  }

  /** So many ends leave too few for another checkpoint, whoever of them lies. */
  #needed(log: LogName): number {
    const { coordinators, thresholds, faulty } = logOf(this.#context.network, log).channel;
    const organisations = new Set(coordinators.map(({ organisation }) => organisation));
    return organisations.size - thresholds.writes + 1 + faulty;
  }

  /** Tells whether that is past, and those alone whom the network file names can sign a checkpoint for the ledger. */
  #isOver(log: LogName): boolean {
    if (!isPastEnd(this.#context, log)) return false;
    const { network, index } = this.#context;
    const { threshold, members } = coordinatorsIn(logOf(network, log).channel);
    const office = index.office('coordinators');
    if (office?.threshold !== threshold || office.seats.length !== members.length) return false;
    return members.every(({ address }) => office.seats.includes(address));
  }

  #placed(log: EvidenceLog): number {
    return this.#context.index.checkpoint(log.identity.id)?.size ?? 0;
  }

  async #keep(log: LogName, row: EndedRow): Promise<void> {
    const rows = await this.#all();
    await this.#options.database.put(endOfLogKey(log), JSON.stringify(row), SYNCED);
    rows.set(log, row);
  }

  async #all(): Promise<Map<LogName, EndedRow>> {
    this.#rows ??= this.#read().catch((error: unknown) => {
      this.#rows = undefined;
      throw error;
    });
    return await this.#rows;
  }

  async #read(): Promise<Map<LogName, EndedRow>> {
    const names = [...this.#options.logs.keys()];
    const rows = await this.#options.database.getMany(names.map(endOfLogKey));
    return new Map(
      names.flatMap((log, place) => {
        const row = rows[place];
        return row === undefined ? [] : endIn(log, row);
      }),
    );
  }
}

/** The end in a row; none if the row was altered: the log is ended again. */
function endIn(log: LogName, row: string): readonly (readonly [LogName, EndedRow])[] {
  try {
    return [[log, parseRow(ENDED_ROW, row)]];
  } catch {
    return [];
  }
}
