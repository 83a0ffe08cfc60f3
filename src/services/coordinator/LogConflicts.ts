import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { inclusionProof } from '../../crypto/merkle/inclusionProof.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { nodeHash } from '../../crypto/merkle/nodeHash.ts';
import { rootOf } from '../../crypto/merkle/rootOf.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { PlacedCheckpoint } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, LogName, Organisation } from '../../protocol/ids.ts';
import { verifyLogConflict, type LogConflict } from '../../protocol/evidence/LogConflict.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { CoordinatorPort, PresentedLog } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { signedSize } from '../signedSize.ts';
import type { KeptConflicts } from './KeptConflicts.ts';
import { endOfPresented, type PresentedRows } from './PresentedRows.ts';

/** Number of entries of a copy that are read at once. */
const PAGE = 256;

/** Options of `LogConflicts`. */
export interface ConflictOptions {
  /** Proofs that are kept. */
  readonly kept: KeptConflicts;
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

  /**
   * @param context - The organisation's context.
   * @param options - Kept proofs, logs, the others, who is told.
   * @param rows - Presented entries.
   */
  constructor(context: ServiceContext, options: ConflictOptions, rows: PresentedRows) {
    this.#context = context;
    this.#options = options;
    this.#rows = rows;
  }

  /** Looks for further conflicts, and returns all proofs, the newest of each log: one of a former key tells of the past. */
  async find(): Promise<readonly LogConflict[]> {
    const { kept, logs } = this.#options;
    const found: LogConflict[] = [];
    for (const [log, copy] of logs) {
      const isOwn = copy.identity.organisation === this.#context.organisation;
      if (!isOwn && !(await kept.isProven(log))) await this.#compare(log, copy);
      await this.#dropSettled(log, copy);
      const conflict = await kept.of(log);
      if (conflict !== undefined) found.push(conflict);
    }
    return found;
  }

  /**
   * Keeps a proof that another organisation found, unless the log is proven to have two histories. Whoever passes it on is not
   * trusted.
   * @throws MedsealError `EVIDENCE_INVALID` if it proves nothing.
   */
  async take(conflict: LogConflict): Promise<void> {
    const { log } = conflict;
    if (await this.#options.kept.isProven(log)) return;
    const { network } = this.#context;
    if (!this.#options.logs.has(log) || !verifyLogConflict(this.#context, network, conflict)) {
      throw new MedsealError('EVIDENCE_INVALID', {
        reason: 'it proves no second history of a log',
      });
    }
    await this.#keep(conflict);
  }

  /**
   * Looks for further conflicts, and passes each that closes a log to every other organisation, again each time: one that came
   * back from a backup has forgotten it.
   */
  async passOn(): Promise<void> {
    const { kept, others } = this.#options;
    for (const conflict of await this.find()) {
      if (!(await kept.isProven(conflict.log))) continue;
      const passing = [...others.values()].map(async (other) => {
        await other.takeConflict(conflict);
      });
      // One that is away is told the next time.
      await Promise.allSettled(passing);
    }
  }

  async #compare(log: LogName, copy: EvidenceLog): Promise<void> {
    const { network } = this.#context;
    for (const edge of [undefined, ...(await this.#rows.setAside(log))]) {
      const conflict = await this.#differing(log, copy, edge);
      if (conflict === undefined) continue;
      if (!verifyLogConflict(this.#context, network, conflict)) continue;
      await this.#keep(conflict);
      return;
    }
  }

  /** Drops what was set aside and convicts nobody: the copy has it, its own organisation has, or a former key of the log signed it. */
  async #dropSettled(log: LogName, copy: EvidenceLog): Promise<void> {
    for (const edge of await this.#rows.setAside(log)) {
      if (await this.#isSettled(log, copy, edge)) await this.#rows.dropSetAside(log, edge);
    }
  }

  async #isSettled(log: LogName, copy: EvidenceLog, edge: number): Promise<boolean> {
    const { network, organisation } = this.#context;
    const { log: identity } = logOf(network, log);
    if (identity.organisation === organisation) return true;
    for await (const shown of this.#rows.all(log, edge)) {
      if (endOfPresented(shown) > copy.size) return false;
      const isPresent = signedSize(this.#context, identity, shown.note) > 0;
      if (isPresent && (await differsAt(copy, shown)) !== undefined) return false;
    }
    return true;
  }

  async #keep(conflict: LogConflict): Promise<void> {
    const { kept, onFault } = this.#options;
    const { log, index } = conflict;
    await kept.keep(conflict);
    const reason = `${log} signed two entries at #${index}, of which the ledger can have one`;
    onFault(new MedsealError('CHECKPOINT_REFUSED', { reason }));
  }

  /** Finds the first presented entry that is not the one of the copy, with the first tree over it that the log signed. */
  async #differing(
    log: LogName,
    copy: EvidenceLog,
    edge: number | undefined,
  ): Promise<LogConflict | undefined> {
    const { network, primitives } = this.#context;
    const { log: identity } = logOf(network, log);
    const presented = new Map<number, Bytes32>();
    let index: number | undefined;
    for await (const shown of this.#rows.all(log, edge)) {
      for (const [nth, entry] of shown.entries.entries()) presented.set(shown.from + nth, entry);
      index ??= await differsAt(copy, shown);
      const end = endOfPresented(shown);
      // Rows from the time of a former key can still be kept.
      if (index === undefined || signedSize(this.#context, identity, shown.note) !== end) continue;
      const placed = await this.#checkpointOver(copy, index);
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

  /** The first checkpoint over a place that the log's present key signed: a former one proves nothing. */
  async #checkpointOver(copy: EvidenceLog, index: number): Promise<PlacedCheckpoint | undefined> {
    const { log: identity } = logOf(this.#context.network, copy.identity.name);
    const isPresent = ({ checkpoint: { size, note } }: PlacedCheckpoint): boolean =>
      signedSize(this.#context, identity, note) === size;
    const latest = await copy.latestCheckpoint();
    // Else all before are of former keys too: there may be many.
    if (latest === undefined || !isPresent(latest)) return undefined;
    let placed = await copy.checkpointCovering(index);
    while (placed !== undefined && !isPresent(placed)) {
      placed = await copy.checkpointCovering(placed.checkpoint.size);
    }
    return placed;
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
async function differsAt(copy: EvidenceLog, shown: PresentedLog): Promise<number | undefined> {
  const { from, entries } = shown;
  const end = endOfPresented(shown);
  for (let at = from; at < Math.min(end, copy.size); at += PAGE) {
    const to = Math.min(at + PAGE, end, copy.size);
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
