import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { parseCheckpoint } from '../../crypto/note/checkpoint.ts';
import { openNote } from '../../crypto/note/openNote.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { BodyEncryption } from '../../log/encryptBodies.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { Address, LogName } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import type { Checkpoint } from '../../protocol/requests.ts';
import { sign } from '../../protocol/signing.ts';
import { KeyedLock } from '../../vault/KeyedLock.ts';
import type { CheckpointAnswer, CheckpointRequest, ShownLog, SignedEdge } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { sortable } from '../kept/sortable.ts';
import { MAX_SHOWN } from '../showEntries.ts';
import { SYNCED, type ServiceDatabase } from '../synced.ts';
import type { UnjudgedProof } from './examineUnjudged.ts';
import type { OwnVerdicts } from './OwnVerdicts.ts';
import { judgedBody } from './judgedBody.ts';
import { requireJudged } from './requireJudged.ts';

/** What a coordinator signs checkpoints with. */
export interface CheckpointSignerOptions {
  readonly database: ServiceDatabase;
  readonly key: { readonly address: Address; readonly signingKey: Uint8Array };
  /** Its organisation's own log and copies of the others: what they have needs no keeping here. */
  readonly logs: ReadonlyMap<LogName, Pick<EvidenceLog, 'size'>>;
  /** Encrypts the bodies that it keeps. */
  readonly bodies: BodyEncryption;
  readonly onFault: (error: MedsealError) => void;
}

/**
 * Signs checkpoints of logs. It follows each log entry by entry, takes in only what it knows that enough coordinators
 * judged, and signs what the entries that it took in make: so neither an entry that was not judged nor another history
 * gets its signature.
 */
export class CheckpointSigner {
  readonly #context: ServiceContext;
  readonly #options: CheckpointSignerOptions;
  readonly #own: OwnVerdicts;
  /** One at a time for each log, so that two roots for one size can not pass each other. */
  readonly #locks = new KeyedLock();
  /** What was taken in of a log beyond the last checkpoint that was signed. */
  readonly #ahead = new Map<LogName, MerkleFrontier>();

  /**
   * @param context - The organisation's context.
   * @param options - The coordinator's store and key.
   * @param own - What it judged itself.
   */
  constructor(context: ServiceContext, options: CheckpointSignerOptions, own: OwnVerdicts) {
    this.#context = context;
    this.#options = options;
    this.#own = own;
  }

  /** How many entries of a log it has taken in. */
  async knownSize(log: LogName): Promise<number> {
    return (this.#ahead.get(log) ?? (await this.#signed(log))).size;
  }

  /**
   * Takes in entries, and signs the checkpoint once all are there.
   * @throws MedsealError as `CoordinatorPort.signCheckpoint`.
   */
  async sign(request: CheckpointRequest): Promise<CheckpointAnswer> {
    return await this.#locks.run(request.log, async () => await this.#sign(request));
  }

  async #sign(request: CheckpointRequest): Promise<CheckpointAnswer> {
    const { primitives, index } = this.#context;
    const { log, from, entries } = request;
    if (entries.length > MAX_SHOWN) {
      throw new MedsealError('REQUEST_TOO_LARGE', { what: 'array', limit: MAX_SHOWN });
    }
    const checkpoint = this.#read(request);
    const signed = await this.#signed(log);
    // What the ledger holds k coordinators signed: whoever forgot it goes on from there all the same.
    await index.refresh();
    const held = index.checkpoint(checkpoint.log);
    const least = Math.max(signed.size, held?.size ?? 0);
    if (checkpoint.size < least) throw notExtending(least);
    const known = from === signed.size ? signed : (this.#ahead.get(log) ?? signed);
    if (from !== known.size) return { known: known.size };
    const leaves = entries.map((entry) => leafHash(primitives, hexToBytes(entry)));
    const next = known.copy();
    for (const leaf of leaves) {
      next.append(leaf);
      const isOther = next.size === held?.size && bytesToHex(next.root()) !== held.root;
      if (isOther) throw notExtending(held.size);
    }
    const isWhole = next.size === checkpoint.size && bytesToHex(next.root()) === checkpoint.root;
    try {
      requireJudged(this.#context, request, { leaves, isOwn: (each) => this.#own.has(each) });
    } catch (error) {
      if (isMedsealError(error, 'ENTRY_UNJUDGED')) {
        if (isWhole) await this.#keepProof(request, known);
        this.#options.onFault(error);
      }
      throw error;
    }
    this.#ahead.delete(log);
    const shown = await this.#shownRows(request);
    if (!isWhole) {
      await this.#options.database.batch(shown, SYNCED);
      if (next.size >= checkpoint.size) throw notExtending(signed.size);
      this.#ahead.set(log, next);
      return { known: next.size };
    }
    await this.#keep(log, next, request.note, shown);
    const { party, signature } = sign(this.#context, this.#options.key, 'Checkpoint', checkpoint);
    return { known: next.size, signed: { coordinator: party, signature } };
  }

  /** What the log itself signed that it is. */
  #read({ log, note }: CheckpointRequest): Checkpoint {
    const { network, primitives } = this.#context;
    const { log: identity } = logOf(network, log);
    const { origin, size, root } = parseCheckpoint(openNote(primitives, note, [identity.key]));
    if (origin !== identity.origin) throw new MedsealError('LOG_WRONG', {});
    if (size === 0) throw new MedsealError('CHECKPOINT_REFUSED', { reason: 'it has no entries' });
    return { log: identity.id, size, root: bytesToHex(root) };
  }

  /** The last checkpoint of a log that it signed. */
  async lastSigned(log: LogName): Promise<SignedEdge> {
    const text = await this.#options.database.get(`checkpoint/${log}`);
    if (text !== undefined) return JSON.parse(text) as SignedEdge;
    return edgeOf(MerkleFrontier.empty(this.#context.primitives));
  }

  /**
   * Takes a checkpoint for the last one that it signed, durably, unless it signed a later one.
   * @throws RangeError where the edge is not that of the checkpoint.
   */
  async adopt(log: LogName, { size, root, peaks, note }: SignedEdge): Promise<void> {
    await this.#locks.run(log, async () => {
      const frontier = MerkleFrontier.of(this.#context.primitives, size, peaks.map(hexToBytes));
      if (bytesToHex(frontier.root()) !== root) throw new RangeError('not the edge of that root');
      if (size <= (await this.#signed(log)).size) return;
      this.#ahead.delete(log);
      await this.#keep(log, frontier, note);
    });
  }

  async #signed(log: LogName): Promise<MerkleFrontier> {
    const { size, peaks } = await this.lastSigned(log);
    const { primitives } = this.#context;
    return MerkleFrontier.of(primitives, size, peaks.map(hexToBytes));
  }

  async #keep(
    log: LogName,
    frontier: MerkleFrontier,
    note: string | undefined,
    along: readonly RowChange[] = [],
  ): Promise<void> {
    const value = JSON.stringify({ ...edgeOf(frontier), note });
    const edge = { type: 'put', key: `checkpoint/${log}`, value } as const;
    await this.#options.database.batch([...along, edge], SYNCED);
  }

  /**
   * The rows by which it keeps what it was shown, until a copy of its organisation has it: of a log that is lost
   * meanwhile it may be all that is left.
   */
  async #shownRows({ log, from, entries, verdicts }: CheckpointRequest): Promise<RowChange[]> {
    const { database, logs } = this.#options;
    const copied = logs.get(log)?.size ?? 0;
    const past = { gte: `shown/${log}/`, lt: `shown/${log}/${sortable(copied)}` };
    const rows = await database.iterator(past).all();
    const ended = rows.filter(([, row]) => endOf(JSON.parse(row) as KeptShown) <= copied);
    const value = JSON.stringify({ from, entries, verdicts } satisfies KeptShown);
    return [
      ...ended.map(([key]) => ({ type: 'del' as const, key })),
      ...(from + entries.length <= copied
        ? []
        : [{ type: 'put' as const, key: `shown/${log}/${sortable(from)}`, value }]),
    ];
  }

  /** Entries that it was shown, and that are in no copy of its organisation. */
  async shown({ log, from }: { log: LogName; from: number }): Promise<ShownLog | undefined> {
    const { database, bodies } = this.#options;
    const range = { gte: `shown/${log}/`, lte: `shown/${log}/${sortable(from)}` };
    for await (const [, row] of database.iterator({ ...range, reverse: true, limit: 1 })) {
      const kept = JSON.parse(row) as KeptShown;
      if (endOf(kept) <= from) return undefined;
      const found: (string | null)[] = [];
      for (const entry of kept.entries) {
        found.push((await judgedBody(database, bodies, entry)) ?? null);
      }
      return { ...kept, bodies: found };
    }
    return undefined;
  }

  /** Keeps what shows everybody that the log has an entry for which it shows too few verdicts. */
  async #keepProof(request: CheckpointRequest, before: MerkleFrontier): Promise<void> {
    const proof: UnjudgedProof = { ...request, peaks: before.peaks.map(bytesToHex) };
    await this.#options.database.put(`unjudged/${request.log}`, JSON.stringify(proof), SYNCED);
  }
}

/** What was shown, as it is kept. */
type RowChange =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

type KeptShown = Pick<CheckpointRequest, 'from' | 'entries' | 'verdicts'>;

/** Place behind the last entry. */
function endOf({ from, entries }: KeptShown): number {
  return from + entries.length;
}

function edgeOf(frontier: MerkleFrontier): SignedEdge {
  return {
    size: frontier.size,
    root: bytesToHex(frontier.root()),
    peaks: frontier.peaks.map(bytesToHex),
  };
}

function notExtending(size: number): MedsealError {
  const reason = `it does not hold the entries that were shown after the one of size ${size}`;
  return new MedsealError('CHECKPOINT_REFUSED', { reason });
}
