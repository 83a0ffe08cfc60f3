import type { ServiceDatabase } from './synced.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { EvidenceLog } from '../log/EvidenceLog.ts';
import type { Bytes32, LogName } from '../protocol/ids.ts';
import type { Write } from '../protocol/requests.ts';

/** How far apart the moments of entries that a log takes at once may lie: two clocks, each 5 s off, in seconds. */
const MARGIN = 10;
/** Least time between two summaries of an agent, seconds. */
const SUMMARY_INTERVAL = 60;

/** Something that only one entry can have, and the entry that it was promised to. */
export interface Claim {
  /** Key of its row. */
  readonly key: string;
  /** The request's digest; of a summary, the entry. */
  readonly by: Bytes32;
  readonly log: LogName;
  /** The entry's moment, Unix seconds. */
  readonly at: number;
}

/** A claim as it is kept: until when the log must hold its entry. */
type KeptClaim = Omit<Claim, 'key'> & { readonly includeBy: number };

/**
 * What a coordinator has promised to one entry and so can not promise to another: the number of a record's version,
 * and the one summary that an agent has in a minute.
 */
export class Claims {
  readonly #database: ServiceDatabase;
  readonly #logs: ReadonlyMap<LogName, EvidenceLog>;
  /** Claims that are being judged, so that two can not pass each other. */
  readonly #pending = new Map<string, Bytes32>();

  /**
   * @param database - The coordinator's own.
   * @param logs - The organisation's own log and its copies of the others.
   */
  constructor(database: ServiceDatabase, logs: ReadonlyMap<LogName, EvidenceLog>) {
    this.#database = database;
    this.#logs = logs;
  }

  /**
   * Claims the number of a record's version for a write, until `settle`.
   * @throws MedsealError `REQUEST_ALTERED` where another write has it, in the log or by a promise that still binds.
   */
  async version(write: Write, by: Bytes32, at: number): Promise<Claim> {
    const { handle, record, version, log } = write;
    const claim = { key: `claim/version/${handle}/${record}/${version}`, by, log, at };
    const free = await this.#take(claim, async (held) => await this.#isVoid(held, write));
    if (!free) throw new MedsealError('REQUEST_ALTERED', {});
    return claim;
  }

  /**
   * Claims the minute of an agent's summary, until `settle`.
   * @throws MedsealError `QUOTA_SPENT` where the agent had one less than a minute before.
   */
  async summary(log: LogName, by: Bytes32, at: number): Promise<Claim> {
    const claim = { key: `claim/summary/${log}`, by, log, at };
    const free = await this.#take(claim, (held) => held.at + SUMMARY_INTERVAL <= at);
    if (!free) throw new MedsealError('QUOTA_SPENT', { what: 'summaries' });
    return claim;
  }

  /** The row that keeps a claim. */
  row(
    { key, ...claim }: Claim,
    includeBy: number,
  ): { readonly key: string; readonly value: string } {
    return { key, value: JSON.stringify({ ...claim, includeBy } satisfies KeptClaim) };
  }

  /** Ends the judging of a claim: its row is kept, or will not be. */
  settle({ key, by }: Claim): void {
    if (this.#pending.get(key) === by) this.#pending.delete(key);
  }

  async #take(
    claim: Claim,
    isFree: (held: KeptClaim) => boolean | Promise<boolean>,
  ): Promise<boolean> {
    const { key, by } = claim;
    const pending = this.#pending.get(key);
    if (pending !== undefined && pending !== by) return (await this.#kept(key))?.by === by;
    // Before the row is read: whoever settled by now has its row there, and whoever comes later sees this.
    this.#pending.set(key, by);
    try {
      const held = await this.#kept(key);
      const free = held === undefined || held.by === by || (await isFree(held));
      if (!free) this.settle(claim);
      return free;
    } catch (error) {
      this.settle(claim);
      throw error;
    }
  }

  async #kept(key: string): Promise<KeptClaim | undefined> {
    const text = await this.#database.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as KeptClaim);
  }

  /**
   * Whether a promise came to nothing: the log went on to entries judged after it was due, and is checkpointed so,
   * and no log has the version.
   */
  async #isVoid(
    { log: name, includeBy }: KeptClaim,
    { handle, record, version }: Write,
  ): Promise<boolean> {
    for (const log of this.#logs.values()) {
      if ((await log.placeOf(handle, { record, version })) !== undefined) return false;
    }
    const log = this.#logs.get(name);
    const size = (await log?.latestCheckpoint())?.checkpoint.size ?? 0;
    if (log === undefined || size === 0) return false;
    const [last] = await log.kept({ from: size - 1, to: size });
    return last !== undefined && last.at > includeBy + MARGIN;
  }
}
