import { parseRow } from '../../database/parseRow.ts';
import { SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { LogName } from '../../protocol/ids.ts';
import {
  keyOfConflict,
  LOG_CONFLICT,
  type LogConflict,
} from '../../protocol/evidence/LogConflict.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { conflictKey } from './coordinatorKeys.ts';

/** Key of the log that signed both histories of a kept proof; `altered` if the row is not a proof. */
type Standing = 'present' | 'former' | 'altered';

/** A row. */
interface Kept {
  /** Absent if the row cannot be read. */
  readonly conflict?: LogConflict;
  /** Found by this network file; it is verified again by another one. */
  found?: { readonly network: NetworkFile; readonly standing: Standing };
}

/**
 * Proofs that logs signed two histories, one of each log, in the store of a coordinator. A proof closes its log as long as the log
 * has the key that signed both: nothing more is judged, signed or released for it. They are read once, and stay in memory.
 */
export class KeptConflicts {
  readonly #context: ServiceContext;
  readonly #database: ServiceDatabase;
  readonly #logs: ReadonlyMap<LogName, unknown>;
  #rows: Promise<Map<LogName, Kept>> | undefined;

  /**
   * @param context - The organisation's context.
   * @param database - The coordinator's.
   * @param logs - Its organisation's own log and its copies of the others.
   */
  constructor(
    context: ServiceContext,
    database: ServiceDatabase,
    logs: ReadonlyMap<LogName, unknown>,
  ) {
    this.#context = context;
    this.#database = database;
    this.#logs = logs;
  }

  /** The kept proof of a log, by its present key or a former one; undefined for an altered row too. */
  async of(log: LogName): Promise<LogConflict | undefined> {
    const kept = (await this.#all()).get(log);
    return kept === undefined || this.#standing(log, kept) === 'altered'
      ? undefined
      : kept.conflict;
  }

  /** Tells whether the kept proof is by the key that the log has now: another one changes nothing. */
  async isProven(log: LogName): Promise<boolean> {
    const kept = (await this.#all()).get(log);
    return kept !== undefined && this.#standing(log, kept) === 'present';
  }

  /**
   * Requires that no proof closes a log. A row that was altered does, until the proof comes again.
   * @throws MedsealError `LOG_CLOSED`.
   */
  async requireOpen(log: LogName): Promise<void> {
    const kept = (await this.#all()).get(log);
    if (kept === undefined || this.#standing(log, kept) === 'former') return;
    throw new MedsealError('LOG_CLOSED', { log });
  }

  /** Closed logs of organisations that are in the network. */
  async closed(): Promise<readonly LogName[]> {
    const closed: LogName[] = [];
    for (const [name, kept] of await this.#all()) {
      const { channel, log } = logOf(this.#context.network, name);
      const isIn = channel.coordinators.some((each) => each.organisation === log.organisation);
      if (isIn && this.#standing(name, kept) !== 'former') closed.push(name);
    }
    return closed;
  }

  /** Keeps a proof that was verified, durably, in place of the one before; one that is not written counts for nothing. */
  async keep(conflict: LogConflict): Promise<void> {
    const { log } = conflict;
    const rows = await this.#all();
    await this.#database.put(conflictKey(log), JSON.stringify(conflict), SYNCED);
    rows.set(log, { conflict });
  }

  async #all(): Promise<Map<LogName, Kept>> {
    this.#rows ??= this.#read().catch((error: unknown) => {
      this.#rows = undefined;
      throw error;
    });
    return await this.#rows;
  }

  async #read(): Promise<Map<LogName, Kept>> {
    const names = [...this.#logs.keys()];
    const rows = await this.#database.getMany(names.map(conflictKey));
    const kept = new Map<LogName, Kept>();
    for (const [place, log] of names.entries()) {
      const row = rows[place];
      if (row !== undefined) kept.set(log, keptIn(row));
    }
    return kept;
  }

  #standing(log: LogName, kept: Kept): Standing {
    const { network } = this.#context;
    if (kept.found?.network !== network) {
      kept.found = { network, standing: this.#find(log, kept.conflict) };
    }
    return kept.found.standing;
  }

  #find(log: LogName, conflict: LogConflict | undefined): Standing {
    const { network } = this.#context;
    if (conflict?.log !== log) return 'altered';
    const by = keyOfConflict(this.#context, network, conflict);
    if (by === undefined) return 'altered';
    return by === logOf(network, log).log.key ? 'present' : 'former';
  }
}

function keptIn(row: string): Kept {
  try {
    return { conflict: parseRow(LOG_CONFLICT, row) };
  } catch {
    return {};
  }
}
