import type { SeatKey } from '../../protocol/network/signSuccessor.ts';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { openCheckpoint } from '../../crypto/note/openCheckpoint.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { logKeysOf, mostJudges, officesOf } from '../../protocol/network/officesOf.ts';
import type { Checkpoint } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { KeyedLock } from '../../database/KeyedLock.ts';
import type {
  CheckpointAnswer,
  CheckpointRequest,
  PlacedVerdict,
  PresentedLog,
  SignedEdge,
} from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { SIGNED_EDGE } from '../peers/peerShapes.ts';
import { MAX_PRESENTED } from '../entries/presentEntries.ts';
import { parseRow } from '../../database/parseRow.ts';
import { SYNCED, type RowChange, type ServiceDatabase } from '../../database/synced.ts';
import type { UnjudgedProof } from './coordinatorRows.ts';
import { inSlices } from './inSlices.ts';
import { KnownEdge } from './KnownEdge.ts';
import type { OwnVerdicts } from './OwnVerdicts.ts';
import { requiringJudged } from './requireJudged.ts';
import { checkpointKey, unjudgedKey } from './coordinatorKeys.ts';
import { PresentedRows } from './PresentedRows.ts';

/** Entries of a copy that are read at once. */
const PAGE = 4096;

/** Options of `CheckpointSigner`. */
export interface CheckpointSignerOptions {
  readonly database: ServiceDatabase;
  readonly key: SeatKey;
  /** Its organisation's own log and copies of the others: entries in them need no keeping here. */
  readonly logs: ReadonlyMap<LogName, Pick<EvidenceLog, 'size' | 'root' | 'stored'>>;
  readonly onFault: (error: MedsealError) => void;
}

/** Entries that can be taken in: the changes that keep them, and the edge after them. */
interface TakenIn {
  readonly leaves: readonly Uint8Array[];
  /** True if they end at the size that the log signed. */
  readonly isWhole: boolean;
  readonly rows: readonly RowChange<string>[];
}

/**
 * Signs checkpoints of logs. It follows each log entry by entry, takes in only entries that it knows enough
 * coordinators judged, and signs the tree of the entries that it took in: so neither an entry that was not judged nor
 * another history gets its signature.
 */
export class CheckpointSigner {
  readonly #context: ServiceContext;
  readonly #options: CheckpointSignerOptions;
  readonly #own: OwnVerdicts;
  readonly #rows: PresentedRows;
  /** One at a time for each log, so that two roots for one size cannot both be signed. */
  readonly #locks = new KeyedLock();
  /** Entries of each log taken in beyond the last checkpoint that was signed. */
  readonly #edges = new Map<LogName, KnownEdge>();
  /** Number of entries of each log that a checkpoint on the organisation's own ledger is over, as they were presented. */
  readonly #held = new Map<LogName, number>();

  /**
   * @param context - The organisation's context.
   * @param options - The coordinator's store and key.
   * @param own - Verdicts of this coordinator.
   */
  constructor(context: ServiceContext, options: CheckpointSignerOptions, own: OwnVerdicts) {
    this.#context = context;
    this.#options = options;
    this.#own = own;
    this.#rows = new PresentedRows(options.database, options.logs);
  }

  /** Number of entries of a log that it has taken in. */
  async knownSize(log: LogName): Promise<number> {
    return await this.#locks.run(log, async () => (await this.#known(log)).size);
  }

  /**
   * Takes in entries, durably, and signs nothing.
   * @returns Number of entries of the log that it has taken in now.
   * @throws MedsealError as `CoordinatorPort.show`.
   */
  async show(request: CheckpointRequest): Promise<number> {
    return await this.#locks.run(request.log, async () => {
      const checkpoint = this.#read(request, this.#presentKey(request.log));
      const known = await this.#known(request.log);
      if (request.from !== known.size) return known.size;
      const taken = await this.#takeIn(request, checkpoint, known);
      await this.#options.database.batch([...taken.rows], SYNCED);
      return this.#set(request.log, known.with(taken.leaves, taken.isWhole)).size;
    });
  }

  /**
   * Takes in entries, and signs the checkpoint once all are there.
   * @throws MedsealError as `CoordinatorPort.signCheckpoint`.
   */
  async sign(request: CheckpointRequest): Promise<CheckpointAnswer> {
    return await this.#locks.run(request.log, async () => await this.#sign(request));
  }

  async #sign(request: CheckpointRequest): Promise<CheckpointAnswer> {
    const { index } = this.#context;
    const { log } = request;
    const checkpoint = this.#read(request, this.#presentKey(log));
    const signed = await this.#signed(log);
    // k coordinators signed what the ledger holds: a coordinator that forgot it still goes on from there.
    await index.refresh();
    const held = index.checkpoint(checkpoint.log);
    const least = Math.max(signed.size, held?.size ?? 0);
    if (checkpoint.size < least) throw notExtending(least);
    const known = await this.#known(log);
    if (checkpoint.size > known.size && request.from !== known.size) return { known: known.size };
    const taken =
      checkpoint.size > known.size ? await this.#takeIn(request, checkpoint, known) : undefined;
    if (taken?.isWhole === false) {
      await this.#options.database.batch([...taken.rows], SYNCED);
      return { known: this.#set(log, known.with(taken.leaves, false)).size };
    }
    const next = taken === undefined ? known : known.with(taken.leaves, true);
    for (const each of [checkpoint, held]) {
      if (each === undefined || each.size < signed.size || next.hasRoot(each)) continue;
      this.#set(log, known.proven());
      throw notExtending(signed.size);
    }
    // The edge goes beyond it now, and could not be compared with it any more.
    if (held !== undefined && held.size >= signed.size) {
      this.#held.set(log, Math.max(held.size, this.#held.get(log) ?? 0));
    }
    await this.#keep(log, next.edgeAt(checkpoint.size), request.note, taken?.rows);
    this.#set(log, next.after(checkpoint.size));
    const { party, signature } = sign(this.#context, this.#options.key, 'Checkpoint', checkpoint);
    return { known: next.size, signed: { coordinator: party, signature } };
  }

  /**
   * Returns the changes that keep entries which follow the known ones.
   * @throws MedsealError `ENTRY_UNJUDGED`, `REQUEST_TOO_LARGE`; `CHECKPOINT_REFUSED` if they are not those of the
   * checkpoint.
   */
  async #takeIn(
    request: CheckpointRequest,
    checkpoint: Checkpoint,
    known: KnownEdge,
  ): Promise<TakenIn> {
    const { entries } = request;
    // Each coordinator judges an entry once. One that has left meanwhile may have judged it too.
    const limit = entries.length * mostJudges(officesOf(this.#context.network, request.log));
    if (entries.length > MAX_PRESENTED) {
      throw new MedsealError('REQUEST_TOO_LARGE', { what: 'array', limit: MAX_PRESENTED });
    }
    if (request.verdicts.length > limit) {
      throw new MedsealError('REQUEST_TOO_LARGE', { what: 'array of verdicts', limit });
    }
    const leaves = entries.map((entry) => leafHash(this.#context.primitives, hexToBytes(entry)));
    const edge = known.edge();
    for (const leaf of leaves) edge.append(leaf);
    const isWhole = edge.size === checkpoint.size && bytesToHex(edge.root()) === checkpoint.root;
    try {
      const isOwn = (each: PlacedVerdict): boolean => this.#own.has(each);
      await inSlices(requiringJudged(this.#context, request, { leaves, isOwn }));
    } catch (error) {
      if (isMedsealError(error, 'ENTRY_UNJUDGED')) {
        if (isWhole) await this.#keepProof(request, known.edge());
        this.#options.onFault(error);
      }
      throw error;
    }
    if (!isWhole && edge.size >= checkpoint.size) {
      throw notExtending(this.#set(request.log, known.proven()).size);
    }
    const held = await this.#compare(request.log, known);
    // A tree that was proven before needs no other note.
    const isNews = isWhole && known.proven().size < known.size;
    return { leaves, isWhole, rows: await this.#rows.changes(request, held, isNews) };
  }

  /** The key that a log has now: what a former one signs is not taken any more. */
  #presentKey(log: LogName): readonly string[] {
    return [logOf(this.#context.network, log).log.key];
  }

  /** Reads the checkpoint that the log itself signed, with one of some keys. */
  #read(
    { log, note }: Pick<CheckpointRequest, 'log' | 'note'>,
    keys: readonly string[],
  ): Checkpoint {
    const { network, primitives } = this.#context;
    const { log: identity } = logOf(network, log);
    const said = openCheckpoint(primitives, { ...identity, keys }, note);
    if (said === undefined) throw new MedsealError('LOG_WRONG', {});
    const { size, root } = said;
    if (size === 0) throw new MedsealError('CHECKPOINT_REFUSED', { reason: 'it has no entries' });
    return { log: identity.id, size, root: bytesToHex(root) };
  }

  /** Runs work that is told the size of the last checkpoint of a log that it signed, and while it signs none of it. */
  async betweenSignatures<Result>(
    log: LogName,
    work: (signed: number) => Promise<Result>,
  ): Promise<Result> {
    return await this.#locks.run(log, async () => await work((await this.lastSigned(log)).size));
  }

  /** The last checkpoint of a log that it signed. */
  async lastSigned(log: LogName): Promise<SignedEdge> {
    const text = await this.#options.database.get(checkpointKey(log));
    if (text !== undefined) return parseRow(SIGNED_EDGE, text);
    return edgeOf(MerkleFrontier.empty(this.#context.primitives));
  }

  /**
   * Takes a checkpoint for the last one that it signed, durably, unless it signed a later one. Presented entries that the edge is
   * not known to hold are set aside: the log itself may have signed another history.
   * @throws RangeError if the edge is not that of the checkpoint.
   */
  async adopt(log: LogName, { size, root, peaks, note }: SignedEdge): Promise<void> {
    await this.#locks.run(log, async () => {
      const frontier = MerkleFrontier.of(this.#context.primitives, size, peaks.map(hexToBytes));
      if (bytesToHex(frontier.root()) !== root) throw new RangeError('not the edge of that root');
      if (size <= (await this.#signed(log)).size) return;
      const known = (await this.#known(log)).proven();
      const isHeld = size <= known.size && known.hasRoot({ size, root });
      await this.#keep(log, frontier, note, isHeld ? [] : await this.#rows.settingAside(log, size));
      if (!isHeld) this.#held.delete(log);
      this.#edges.delete(log);
    });
  }

  async #signed(log: LogName): Promise<MerkleFrontier> {
    const { size, peaks } = await this.lastSigned(log);
    const { primitives } = this.#context;
    return MerkleFrontier.of(primitives, size, peaks.map(hexToBytes));
  }

  /** Known end of a log; after a restart, as far as the rows tell what the log signed. */
  async #known(log: LogName): Promise<KnownEdge> {
    const before = this.#edges.get(log);
    if (before !== undefined) return before;
    let known = new KnownEdge(await this.#signed(log));
    for (;;) {
      const shown = await this.#rows.at(log, known.size);
      if (shown === undefined) {
        const gone = await this.#gone(log, known.size);
        if (gone.length === 0) break;
        known = known.with(gone, false);
        continue;
      }
      const leaves = shown.entries
        .slice(known.size - shown.from)
        .map((entry) => leafHash(this.#context.primitives, hexToBytes(entry)));
      const next = known.with(leaves, true);
      const isProven = succeeds(() => {
        // It may have taken them in before the log's key changed.
        const keys = logKeysOf(this.#context.network, log);
        const said = this.#read({ log, note: shown.note }, keys);
        return said.size === next.size && next.hasRoot(said);
      });
      // A tree that the log signed may have come in several parts.
      known = isProven ? next : known.with(leaves, false);
    }
    return this.#set(log, known.proven());
  }

  /** Leaves that were presented from a place on, and that are not kept any more, because the copy has them: what follows proves them. */
  async #gone(log: LogName, from: number): Promise<readonly Uint8Array[]> {
    const copy = this.#options.logs.get(log);
    const next = await this.#rows.next(log, from);
    if (copy === undefined || next === undefined || next > copy.size) return [];
    const stored = await copy.stored({ from, to: Math.min(next, from + PAGE) });
    return stored.map(({ entry }) => leafHash(this.#context.primitives, hexToBytes(entry)));
  }

  #set(log: LogName, known: KnownEdge): KnownEdge {
    this.#edges.set(log, known);
    return known;
  }

  async #keep(
    log: LogName,
    frontier: MerkleFrontier,
    note: string | undefined,
    along: readonly RowChange<string>[] = [],
  ): Promise<void> {
    const value = JSON.stringify({ ...edgeOf(frontier), note });
    const edge = { type: 'put', key: checkpointKey(log), value } as const;
    await this.#options.database.batch([...along, edge], SYNCED);
  }

  /** Entries that were presented to it, and that no copy of its organisation holds. */
  async shown({ log, from }: { log: LogName; from: number }): Promise<PresentedLog | undefined> {
    return await this.#rows.at(log, from);
  }

  /**
   * Tells of entries whether the log presented each at its place: no checkpoint without it gets its signature any more. A copy
   * may have them by now, and then they are no longer kept here.
   * @param log - The log.
   * @param entries - With their places.
   * @param held - True to count only those that a checkpoint on the organisation's own ledger is over.
   */
  async areShown(
    log: LogName,
    entries: readonly { readonly index: number; readonly entry: Bytes32 }[],
    held = false,
  ): Promise<readonly boolean[]> {
    return await this.#locks.run(log, async () => {
      // The log can take back what it did not sign the tree of.
      const known = (await this.#known(log)).proven();
      const size = held ? await this.#compare(log, known) : known.size;
      return await Promise.all(
        entries.map(async ({ index, entry }) => {
          const shown = index < size ? await this.#rows.at(log, index) : undefined;
          return shown?.entries[index - shown.from] === entry;
        }),
      );
    });
  }

  /**
   * Compares the presented log with the newest checkpoint on the organisation's own ledger, as far as both are known.
   * @returns Number of entries that this or an earlier checkpoint is over, as they were presented.
   */
  async #compare(log: LogName, all: KnownEdge): Promise<number> {
    const before = this.#held.get(log) ?? 0;
    const known = all.proven();
    const held = this.#context.index.checkpoint(logOf(this.#context.network, log).log.id);
    if (held === undefined || held.size <= before || held.size < known.from) return before;
    const size = Math.min(held.size, known.size);
    // Of a longer log only a copy of it tells what it was before.
    const copy = this.#options.logs.get(log);
    const root = size === held.size ? held.root : await rootWithin(copy, held, size);
    if (root === undefined || !known.hasRoot({ size, root })) return before;
    this.#held.set(log, size);
    return size;
  }

  /** Keeps the proof for everybody that the log has an entry for which it presents too few verdicts. */
  async #keepProof(request: CheckpointRequest, before: MerkleFrontier): Promise<void> {
    const proof: UnjudgedProof = { ...request, peaks: before.peaks.map(bytesToHex) };
    await this.#options.database.put(unjudgedKey(request.log), JSON.stringify(proof), SYNCED);
  }
}

function edgeOf(frontier: MerkleFrontier): SignedEdge {
  return {
    size: frontier.size,
    root: bytesToHex(frontier.root()),
    peaks: frontier.peaks.map(bytesToHex),
  };
}

/** Root of the first entries of a log that has a checkpoint; undefined if the copy is not of it, or not as long yet. */
async function rootWithin(
  copy: Pick<EvidenceLog, 'size' | 'root'> | undefined,
  held: Pick<Checkpoint, 'size' | 'root'>,
  size: number,
): Promise<Bytes32 | undefined> {
  if (copy === undefined || copy.size < held.size) return undefined;
  return (await copy.root(held.size)) === held.root ? await copy.root(size) : undefined;
}

function notExtending(size: number): MedsealError {
  const reason = `it does not hold the entries that were presented after the one of size ${size}`;
  return new MedsealError('CHECKPOINT_REFUSED', { reason });
}
