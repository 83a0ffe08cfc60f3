import { parseRow } from '../../database/parseRow.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { claimedFileKey, isRowOf, summaryKey, versionKey, versionName } from './coordinatorKeys.ts';
import { claimShape, type StoredClaim } from './coordinatorRows.ts';
import { fileOwners } from '../entries/fileOwners.ts';
import type { EntryPlace } from '../entries/placesInLogs.ts';
import { versionPlaces, type ChartVersion } from '../entries/versionPlaces.ts';
import type { CameToNothing } from './LogEnds.ts';

/** Least time between two summaries of an agent, seconds. */
const SUMMARY_INTERVAL = 60;

/** Something that only one entry can have, and the entry to which it was promised. */
export interface Claim {
  /** Key of its row. */
  readonly key: string;
  /** Of a version the request's digest, of a summary the entry, of a sealed file the version: `handle/record/version`. */
  readonly by: string;
  readonly log: LogName;
  /** The entry's moment, Unix seconds. */
  readonly at: number;
}

/**
 * Claim of an entry on what only one entry can have: a version of a record with its sealed file, or the minute of an
 * agent's summary.
 */
export type Wanted = ({ readonly write: Write } | { readonly summary: LogName }) & {
  /** The request's digest; of a summary, the entry. */
  readonly by: Bytes32;
} & Pick<Claim, 'at'>;

/** Entry that is being judged for a claim, and the number of such judgements at once. */
interface Pending {
  readonly by: string;
  readonly count: number;
}

/**
 * Promises of a coordinator to one entry, which it cannot give to another: the number of a record's version, the sealed
 * file of that version, and the one summary that an agent has in a minute.
 *
 * A version's number is free again when its promise came to nothing. A sealed file is not: whatever became of the
 * entry, the file stays that version's, because somebody may hold keys that open it.
 */
export class Claims {
  readonly #database: ServiceDatabase;
  readonly #logs: ReadonlyMap<LogName, EvidenceLog>;
  readonly #cameToNothing: CameToNothing;
  /** Claims that are being judged, so that two cannot pass each other. */
  readonly #pending = new Map<string, Pending>();
  /** The claims that are counted there, so that each is settled once. */
  readonly #held = new Set<Claim>();

  /**
   * @param database - The coordinator's own.
   * @param logs - The organisation's own log and its copies of the others.
   * @param cameToNothing - Judges promises.
   */
  constructor(
    database: ServiceDatabase,
    logs: ReadonlyMap<LogName, EvidenceLog>,
    cameToNothing: CameToNothing,
  ) {
    this.#database = database;
    this.#logs = logs;
    this.#cameToNothing = cameToNothing;
  }

  /**
   * Claims what entries want, until `settle`; looks all of it up at once, in the promises and in every log.
   * @returns In their order the claims of each, or why one cannot be had: `REQUEST_ALTERED` where another write has the
   * version, in a log or by a promise that still binds; `FILE_TAKEN` if the sealed file is another version's;
   * `QUOTA_SPENT` if the agent had a summary less than a minute before.
   */
  async takeAll(wanted: readonly Wanted[]): Promise<readonly (readonly Claim[] | MedsealError)[]> {
    const claims = wanted.map(claimsOf);
    // Before the rows are read: a claim that is settled by now has its row there, and a later one sees this.
    const held = claims.map((each) => each.filter((claim) => this.#hold(claim)));
    const release = (i: number): void => {
      for (const claim of held[i] ?? []) this.settle(claim);
    };
    try {
      const [stored, standing] = await Promise.all([
        this.#stored(claims.flat()),
        this.#standing(wanted),
      ]);
      const taking = wanted.map(async (want, i) => {
        for (const claim of claims[i] ?? []) {
          const promised = stored.get(claim.key);
          // A claim keeps what was promised to it, even while another is judged for it and will be refused.
          const isPending = promised?.by !== claim.by && held[i]?.includes(claim) !== true;
          const isOthers = isPending || standing[i]?.has(claim.key) === true;
          if (isOthers || !(await this.#isFree(claim, promised, want))) return takenBefore(claim);
        }
        return claims[i] ?? [];
      });
      const taken = await Promise.all(taking);
      for (const [i, answer] of taken.entries()) if (answer instanceof MedsealError) release(i);
      return taken;
    } catch (error) {
      for (const i of claims.keys()) release(i);
      throw error;
    }
  }

  /** The digest of the request that has a version of a record by a promise, kept or on its way; undefined once it came to nothing. */
  async holderOf(version: ChartVersion): Promise<string | undefined> {
    const key = versionKey(versionName(version));
    const stored = (await this.#stored([{ key }])).get(key);
    const isBinding = stored !== undefined && !(await this.#isVoid(stored, version));
    return isBinding ? stored.by : this.#pending.get(key)?.by;
  }

  /** Tells whether the sealed file of a write is another version's: by a promise, kept or on its way, or in a log. */
  async isFileOfAnother(write: Write, by: Bytes32): Promise<boolean> {
    const holder = await this.#holder(claimedFileKey(write.file));
    if (holder !== undefined && holder !== versionName(write)) return true;
    const [standing] = await this.#standing([{ write, by, at: 0 }]);
    return standing?.has(claimedFileKey(write.file)) === true;
  }

  /** The row that keeps a claim. */
  row(
    { key, ...claim }: Claim,
    includeBy: number,
  ): { readonly key: string; readonly value: string } {
    return { key, value: JSON.stringify({ ...claim, includeBy } satisfies StoredClaim) };
  }

  /** Ends the judging of a claim: its row is kept, or will not be. */
  settle(claim: Claim): void {
    const { key } = claim;
    const pending = this.#pending.get(key);
    if (!this.#held.delete(claim) || pending === undefined) return;
    if (pending.count > 1) this.#pending.set(key, { ...pending, count: pending.count - 1 });
    else this.#pending.delete(key);
  }

  /** Tells whether nobody else is being judged for it. */
  #hold(claim: Claim): boolean {
    const { key, by } = claim;
    const pending = this.#pending.get(key) ?? { by, count: 0 };
    if (pending.by !== by) return false;
    this.#pending.set(key, { by, count: pending.count + 1 });
    this.#held.add(claim);
    return true;
  }

  async #holder(key: string): Promise<string | undefined> {
    const stored = await this.#stored([{ key }]);
    return stored.get(key)?.by ?? this.#pending.get(key)?.by;
  }

  async #stored(claims: readonly Pick<Claim, 'key'>[]): Promise<ReadonlyMap<string, StoredClaim>> {
    if (claims.length === 0) return new Map();
    const rows = await this.#database.getMany(claims.map(({ key }) => key));
    return new Map(
      claims.flatMap(({ key }, i) => {
        const text = rows[i];
        return text === undefined ? [] : [[key, parseRow(claimShape(key), text)]];
      }),
    );
  }

  /** For each the claims on what stands in a log for another, as `key`s; none for a summary. */
  async #standing(wanted: readonly Wanted[]): Promise<readonly ReadonlySet<string>[]> {
    const logs = [...this.#logs.values()];
    const writes = wanted.flatMap((want) => ('write' in want ? [want.write] : []));
    const files = writes.map(({ file }) => file);
    const [versions, owners] = await Promise.all([
      versionPlaces(logs, writes),
      fileOwners(logs, files),
    ]);
    const [placed, owning] = [versions.values(), owners.values()];
    const standing = wanted.map(async (want) => {
      if (!('write' in want)) return new Set<string>();
      const [version, owner] = [placed.next().value, owning.next().value];
      const isOwn = version !== undefined && (await this.#isOf(version, want.by, want.write));
      const isOwnFile = isOwn && owner?.log === version.log && owner.index === version.index;
      return new Set([
        ...(version === undefined || isOwn ? [] : [versionKey(versionName(want.write))]),
        ...(owner === undefined || isOwnFile ? [] : [claimedFileKey(want.write.file)]),
      ]);
    });
    return await Promise.all(standing);
  }

  /** Tells whether the entry at a place is the one that answers a request. */
  async #isOf({ log, index }: EntryPlace, request: Bytes32, { deadline }: Write): Promise<boolean> {
    const [answered] = await log.answeredAt([{ request, deadline }]);
    return answered === index;
  }

  /** Tells whether what was promised may be promised to a claim. */
  async #isFree(claim: Claim, stored: StoredClaim | undefined, wanted: Wanted): Promise<boolean> {
    if (stored === undefined || stored.by === claim.by) return true;
    if (isRowOf('summary', claim.key)) return stored.at + SUMMARY_INTERVAL <= claim.at;
    return (
      isRowOf('version', claim.key) &&
      'write' in wanted &&
      (await this.#isVoid(stored, wanted.write))
    );
  }

  /** Tells whether a promise came to nothing: its entry will not come, and no log has the version. */
  async #isVoid({ log, includeBy }: StoredClaim, version: ChartVersion): Promise<boolean> {
    if (!(await this.#cameToNothing(log, includeBy))) return false;
    // Not before: the entry may have been copied since it was looked for.
    const [place] = await versionPlaces([...this.#logs.values()], [version]);
    return place === undefined;
  }
}

function claimsOf(wanted: Wanted): readonly Claim[] {
  const { by, at } = wanted;
  if ('summary' in wanted) {
    return [{ key: summaryKey(wanted.summary), by, log: wanted.summary, at }];
  }
  const { write } = wanted;
  const { log } = write;
  return [
    { key: versionKey(versionName(write)), by, log, at },
    { key: claimedFileKey(write.file), by: versionName(write), log, at },
  ];
}

function takenBefore({ key }: Claim): MedsealError {
  if (isRowOf('summary', key)) return new MedsealError('QUOTA_SPENT', { what: 'summaries' });
  return new MedsealError(isRowOf('file', key) ? 'FILE_TAKEN' : 'REQUEST_ALTERED', {});
}
