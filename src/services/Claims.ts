import type { ServiceDatabase } from './synced.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { EvidenceLog } from '../log/EvidenceLog.ts';
import type { Bytes32, LogName } from '../protocol/ids.ts';
import type { Write } from '../protocol/requests.ts';
import { wentBeyond } from './wentBeyond.ts';

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

/** What an entry wants that only one can have: a version of a record, or the minute of an agent's summary. */
export type Wanted = ({ readonly write: Write } | { readonly summary: LogName }) &
  Pick<Claim, 'by' | 'at'>;

/** A claim as it is kept: until when the log must hold its entry. */
export type KeptClaim = Omit<Claim, 'key'> & { readonly includeBy: number };

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
   * Claims what entries want, until `settle`; all of it is looked up at once.
   * @returns In their order the claims, or why one can not be had: `REQUEST_ALTERED` where another write has the
   * version, in the log or by a promise that still binds; `QUOTA_SPENT` where the agent had a summary less than a
   * minute before.
   */
  async takeAll(wanted: readonly Wanted[]): Promise<readonly (Claim | MedsealError)[]> {
    const claims = wanted.map(claimOf);
    // Before the rows are read: whoever settled by now has its row there, and whoever comes later sees this.
    const pending = claims.map(({ key, by }) => {
      const first = this.#pending.get(key) ?? by;
      if (first === by) this.#pending.set(key, by);
      return first === by;
    });
    try {
      const held = await this.#kept(claims.map(({ key }) => key));
      const taking = claims.map(async (claim, i) => {
        const kept = held[i];
        if (kept?.by === claim.by) return claim;
        const want = wanted[i];
        if (pending[i] !== true || want === undefined) return takenBefore(want);
        if (kept === undefined || (await this.#isFree(kept, want))) return claim;
        this.settle(claim);
        return takenBefore(want);
      });
      return await Promise.all(taking);
    } catch (error) {
      for (const [i, claim] of claims.entries()) if (pending[i] === true) this.settle(claim);
      throw error;
    }
  }

  /** The digest of the request that has a version of a record by a promise, kept or on its way; or undefined. */
  async holderOf(
    version: Pick<Write, 'handle' | 'record' | 'version'>,
  ): Promise<Bytes32 | undefined> {
    const key = versionKey(version);
    const [kept] = await this.#kept([key]);
    return kept?.by ?? this.#pending.get(key);
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

  async #kept(keys: string[]): Promise<readonly (KeptClaim | undefined)[]> {
    if (keys.length === 0) return [];
    const rows = await this.#database.getMany(keys);
    return rows.map((text) => (text === undefined ? undefined : (JSON.parse(text) as KeptClaim)));
  }

  async #isFree(held: KeptClaim, wanted: Wanted): Promise<boolean> {
    return 'write' in wanted
      ? await this.#isVoid(held, wanted.write)
      : held.at + SUMMARY_INTERVAL <= wanted.at;
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
    return log !== undefined && (await wentBeyond(log, includeBy));
  }
}

function claimOf(wanted: Wanted): Claim {
  const { by, at } = wanted;
  if ('summary' in wanted) {
    return { key: `claim/summary/${wanted.summary}`, by, log: wanted.summary, at };
  }
  return { key: versionKey(wanted.write), by, log: wanted.write.log, at };
}

function versionKey({
  handle,
  record,
  version,
}: Pick<Write, 'handle' | 'record' | 'version'>): string {
  return `claim/version/${handle}/${record}/${version}`;
}

function takenBefore(wanted: Wanted | undefined): MedsealError {
  return wanted !== undefined && 'summary' in wanted
    ? new MedsealError('QUOTA_SPENT', { what: 'summaries' })
    : new MedsealError('REQUEST_ALTERED', {});
}
