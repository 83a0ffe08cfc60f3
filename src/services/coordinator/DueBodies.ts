import { bytesToHex } from '../../crypto/bytes.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import type { Random } from '../../crypto/Random.ts';
import { parseRow } from '../../database/parseRow.ts';
import { SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import { bodyKey, dueBodiesKey, pairsOf, rowsOf } from './coordinatorKeys.ts';
import { DUE_ROW, type DueRow } from './coordinatorRows.ts';
import { wentBeyond } from '../entries/wentBeyond.ts';
import type { CameToNothing } from './LogEnds.ts';

/** Bytes of bodies that are kept for a log which is not known to hold them. */
const MOST_DUE = 512 * 2 ** 20;

/**
 * The bodies that a coordinator keeps for entries which their log is not known to hold yet. A body whose promises all
 * came to nothing is forgotten: the log went on beyond the time without it, or ended. There is a limit for each log, so that nobody
 * fills a coordinator's disk with bodies that it never enters.
 */
export class DueBodies {
  readonly #database: ServiceDatabase;
  readonly #logs: ReadonlyMap<LogName, EvidenceLog>;
  readonly #cameToNothing: CameToNothing;
  readonly #random: Random;
  readonly #most: number;
  readonly #bytes = new Map<LogName, number>();
  #counting: Promise<void> | undefined;
  #collecting: Promise<void> | undefined;

  /**
   * @param options.database - The coordinator's own.
   * @param options.logs - The organisation's own log and its copies of the others.
   * @param options.cameToNothing - Judges promises.
   * @param options.random - Names rows.
   * @param options.most - Bytes that may be due to one log.
   */
  constructor(options: {
    readonly database: ServiceDatabase;
    readonly logs: ReadonlyMap<LogName, EvidenceLog>;
    readonly cameToNothing: CameToNothing;
    readonly random: Random;
    readonly most?: number;
  }) {
    this.#database = options.database;
    this.#logs = options.logs;
    this.#cameToNothing = options.cameToNothing;
    this.#random = options.random;
    this.#most = options.most ?? MOST_DUE;
  }

  /** Tells whether more may be kept for a log; bodies that the log holds by now do not count. */
  async hasRoom(log: LogName): Promise<boolean> {
    await this.#counted();
    if ((this.#bytes.get(log) ?? 0) < this.#most) return true;
    await this.collect();
    return (this.#bytes.get(log) ?? 0) < this.#most;
  }

  /**
   * The row that remembers what is due, to be written with the bodies; from now on they count.
   */
  row(due: DueRow): { readonly key: string; readonly value: string } {
    this.#add(due.log, due.bytes);
    const key = dueBodiesKey(due.includeBy, bytesToHex(this.#random(16)));
    return { key, value: JSON.stringify(due) };
  }

  /** Forgets bodies whose promises came to nothing, and the due rows of bodies that their log holds. */
  async collect(): Promise<void> {
    this.#collecting ??= this.#collect().finally(() => (this.#collecting = undefined));
    await this.#collecting;
  }

  async #collect(): Promise<void> {
    // An uncounted body would take room that does not exist.
    await this.#counted();
    // A body may be promised more than once. The latest promises come first, so that none that still binds is missed.
    const awaited = new Set<Bytes32>();
    const rows = this.#database.iterator({ ...rowsOf('due'), reverse: true });
    for await (const [key, text] of rows) {
      const due = parseRow(DUE_ROW, text);
      const log = this.#logs.get(due.log);
      if (log === undefined) continue;
      const absent = await absentIn(log, due.bodies);
      // A body that is not in the log may still come, until the log went on without it or ended.
      if (absent.length > 0 && !(await this.#isVoid(log, due))) {
        for (const entry of absent) awaited.add(entry);
        continue;
      }
      const useless = absent.filter((entry) => !awaited.has(entry));
      const keys = [key, ...useless.map(bodyKey)];
      for (const entry of useless) keys.push(...(await this.#database.keys(pairsOf(entry)).all()));
      await this.#database.batch(
        keys.map((each) => ({ type: 'del', key: each })),
        SYNCED,
      );
      this.#add(due.log, -due.bytes);
    }
  }

  /** An erasure stays where the log ended: nobody signs it again, and what the patient had erased must not be read. */
  async #isVoid(log: EvidenceLog, { log: name, includeBy, bodies }: DueRow): Promise<boolean> {
    const erases = bodies.some((each) => each.erases === true);
    return erases ? await wentBeyond(log, includeBy) : await this.#cameToNothing(name, includeBy);
  }

  async #counted(): Promise<void> {
    this.#counting ??= this.#count();
    await this.#counting;
  }

  async #count(): Promise<void> {
    for await (const text of this.#database.values(rowsOf('due'))) {
      const { log, bytes } = parseRow(DUE_ROW, text);
      this.#add(log, bytes);
    }
  }

  #add(log: LogName, bytes: number): void {
    this.#bytes.set(log, (this.#bytes.get(log) ?? 0) + bytes);
  }
}

/** The entries that are missing at their places in a log. */
async function absentIn(log: EvidenceLog, bodies: DueRow['bodies']): Promise<Bytes32[]> {
  const places = await log.answeredAt(bodies);
  const looking = bodies.map(async ({ entry }, i) => {
    const index = places[i];
    if (index === undefined) return [entry];
    const [stored] = await log.stored({ from: index, to: index + 1 });
    return stored?.entry === entry ? [] : [entry];
  });
  return (await Promise.all(looking)).flat();
}
