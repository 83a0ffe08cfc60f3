import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { inclusionProof } from '../../crypto/merkle/inclusionProof.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { nodeHash } from '../../crypto/merkle/nodeHash.ts';
import { rootOf } from '../../crypto/merkle/rootOf.ts';
import { parseRow } from '../../database/parseRow.ts';
import { SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { Bytes32, LogName, Organisation } from '../../protocol/ids.ts';
import { LOG_CONFLICT, verifyLogConflict, type LogConflict } from '../../protocol/LogConflict.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import type { CoordinatorPort, PresentedLog } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { signedSize } from '../signedSize.ts';
import { conflictKey } from './coordinatorKeys.ts';
import type { PresentedRows } from './PresentedRows.ts';

/** Number of entries of a copy that are read at once. */
const PAGE = 256;

/** Options of `LogConflicts`. */
export interface ConflictOptions {
  readonly database: ServiceDatabase;
  /** The organisation's own log and its copies of the others, which hold what the ledger has checkpoints of. */
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  /** The other organisations' coordinators. */
  readonly others: ReadonlyMap<Organisation, Pick<CoordinatorPort, 'takeConflict'>>;
  /** Told once of each log that signed two histories. */
  readonly onFault: (error: MedsealError) => void;
}

/**
 * Compares what other organisations' logs presented to a coordinator with what came on the ledger, and keeps the proof if they
 * are two histories: then the log showed one to this organisation, and another one to the others.
 */
export class LogConflicts {
  readonly #context: ServiceContext;
  readonly #options: ConflictOptions;
  readonly #rows: PresentedRows;
  /** Organisations that have the proof, by log; asked again after a start. */
  readonly #passed = new Map<LogName, Set<Organisation>>();

  /**
   * @param context - The organisation's context.
   * @param options - Store, logs, the others, who is told.
   * @param rows - Presented entries.
   */
  constructor(context: ServiceContext, options: ConflictOptions, rows: PresentedRows) {
    this.#context = context;
    this.#options = options;
    this.#rows = rows;
  }

  /** Looks for further conflicts, and returns all proofs, one of each log at most. */
  async find(): Promise<readonly LogConflict[]> {
    const found: LogConflict[] = [];
    for (const [log, copy] of this.#options.logs) {
      const isOwn = copy.identity.organisation === this.#context.organisation;
      const conflict =
        (await this.#kept(log)) ?? (isOwn ? undefined : await this.#compare(log, copy));
      if (conflict !== undefined) found.push(conflict);
    }
    return found;
  }

  /**
   * Keeps a proof that another organisation found, unless it has one of that log. Whoever passes it on is not trusted.
   * @throws MedsealError `EVIDENCE_INVALID` if it proves nothing.
   */
  async take(conflict: LogConflict): Promise<void> {
    const { log } = conflict;
    if (this.#options.logs.has(log) && (await this.#kept(log)) !== undefined) return;
    const { network } = this.#context;
    if (!this.#options.logs.has(log) || !verifyLogConflict(this.#context, network, conflict)) {
      throw new MedsealError('EVIDENCE_INVALID', {
        reason: 'it proves no second history of a log',
      });
    }
    await this.#keep(conflict);
  }

  /** Looks for further conflicts, and passes each proof to every organisation that is not known to have it. */
  async passOn(): Promise<void> {
    for (const conflict of await this.find()) {
      const passed = this.#passed.get(conflict.log) ?? new Set();
      this.#passed.set(conflict.log, passed);
      const passing = [...this.#options.others].map(async ([name, other]) => {
        if (passed.has(name)) return;
        await other.takeConflict(conflict);
        passed.add(name);
      });
      // One that is away is asked again the next time.
      await Promise.allSettled(passing);
    }
  }

  async #kept(log: LogName): Promise<LogConflict | undefined> {
    const row = await this.#options.database.get(conflictKey(log));
    return row === undefined ? undefined : parseRow(LOG_CONFLICT, row);
  }

  async #compare(log: LogName, copy: EvidenceLog): Promise<LogConflict | undefined> {
    const conflict = await this.#differing(log, copy);
    if (
      conflict === undefined ||
      !verifyLogConflict(this.#context, this.#context.network, conflict)
    ) {
      return undefined;
    }
    await this.#keep(conflict);
    return conflict;
  }

  async #keep(conflict: LogConflict): Promise<void> {
    const { database, onFault } = this.#options;
    const { log, index } = conflict;
    await database.put(conflictKey(log), JSON.stringify(conflict), SYNCED);
    const reason = `${log} signed two entries at #${index}, of which the ledger can have one`;
    onFault(new MedsealError('CHECKPOINT_REFUSED', { reason }));
  }

  /** Finds the first presented entry that is not the one of the copy, with the first tree over it that the log signed. */
  async #differing(log: LogName, copy: EvidenceLog): Promise<LogConflict | undefined> {
    const { network, primitives } = this.#context;
    const { log: identity } = logOf(network, log);
    const presented = new Map<number, Bytes32>();
    let index: number | undefined;
    for await (const shown of this.#rows.all(log)) {
      for (const [nth, entry] of shown.entries.entries()) presented.set(shown.from + nth, entry);
      index ??= await differsAt(copy, shown);
      const end = shown.from + shown.entries.length;
      // Rows from the time of a former key can still be kept.
      if (index === undefined || signedSize(this.#context, identity, shown.note) !== end) continue;
      const placed = await copy.checkpointCovering(index);
      const [there] = await copy.stored({ from: index, to: index + 1 });
      const entry = presented.get(index);
      if (placed === undefined || there === undefined || entry === undefined) return undefined;
      const { size, note } = placed.checkpoint;
      const hashes = this.#readHash(copy, index, presented);
      const proof = (await inclusionProof(primitives, hashes, index, end)).map(bytesToHex);
      const other = { note, entry: there.entry, proof: await copy.inclusion(index, size) };
      return { log, index, one: { note: shown.note, entry, proof }, other };
    }
    return undefined;
  }

  /** Hashes of the presented tree: those before the first difference are those of the copy. */
  #readHash(copy: EvidenceLog, index: number, presented: ReadonlyMap<number, Bytes32>) {
    const { primitives } = this.#context;
    return async function read(level: number, at: number): Promise<Uint8Array> {
      const width = 2 ** level;
      if ((at + 1) * width <= index) return await hashIn(primitives, copy, level, at);
      if (level > 0) {
        return nodeHash(
          primitives,
          await read(level - 1, 2 * at),
          await read(level - 1, 2 * at + 1),
        );
      }
      const entry = presented.get(at);
      if (entry === undefined) throw new MedsealError('NOT_FOUND', { what: 'entry' });
      return leafHash(primitives, hexToBytes(entry));
    };
  }
}

/** Place of the first presented entry that a copy has otherwise; undefined if the copy has none of them otherwise. */
async function differsAt(
  copy: EvidenceLog,
  { from, entries }: PresentedLog,
): Promise<number | undefined> {
  for (let at = from; at < Math.min(from + entries.length, copy.size); at += PAGE) {
    const to = Math.min(at + PAGE, from + entries.length, copy.size);
    const stored = await copy.stored({ from: at, to });
    const other = stored.findIndex(({ entry }, nth) => entry !== entries[at - from + nth]);
    if (other >= 0) return at + other;
  }
  return undefined;
}

/** Hash of a complete subtree of a log, from its tiles. */
async function hashIn(
  primitives: ServiceContext['primitives'],
  log: EvidenceLog,
  level: number,
  at: number,
): Promise<Uint8Array> {
  const count = 2 ** (level % 8);
  const first = at * count;
  const place = first % 256;
  const tile = await log.tile(Math.floor(level / 8), Math.floor(first / 256), place + count);
  const hashes = Array.from({ length: count }, (_, nth) => {
    return tile.subarray(32 * (place + nth), 32 * (place + nth + 1));
  });
  return rootOf(primitives, hashes);
}
