import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { parseCheckpoint } from '../../crypto/note/checkpoint.ts';
import { openNote } from '../../crypto/note/openNote.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address, Bytes32, LogName } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import type { Checkpoint } from '../../protocol/requests.ts';
import { sign } from '../../protocol/signing.ts';
import { KeyedLock } from '../../vault/KeyedLock.ts';
import type { CheckpointAnswer, CheckpointRequest } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { MAX_SHOWN } from '../showEntries.ts';
import { SYNCED, type ServiceDatabase } from '../synced.ts';
import type { UnjudgedProof } from './examineUnjudged.ts';
import type { OwnVerdicts } from './OwnVerdicts.ts';
import { requireJudged } from './requireJudged.ts';

/** What a coordinator signs checkpoints with. */
export interface CheckpointSignerOptions {
  readonly database: ServiceDatabase;
  readonly key: { readonly address: Address; readonly signingKey: Uint8Array };
  readonly onFault: (error: MedsealError) => void;
}

/** The last checkpoint of a log that was signed, as it is kept, with the right edge of its tree. */
interface SignedState {
  readonly size: number;
  readonly root: Bytes32;
  readonly peaks: readonly Bytes32[];
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
    const { primitives } = this.#context;
    const { log, from, entries } = request;
    if (entries.length > MAX_SHOWN) {
      throw new MedsealError('REQUEST_TOO_LARGE', { what: 'array', limit: MAX_SHOWN });
    }
    const checkpoint = this.#read(request);
    const signed = await this.#signed(log);
    if (checkpoint.size < signed.size) throw notExtending(signed.size);
    const known = from === signed.size ? signed : (this.#ahead.get(log) ?? signed);
    if (from !== known.size) return { known: known.size };
    const leaves = entries.map((entry) => leafHash(primitives, hexToBytes(entry)));
    const next = known.copy();
    for (const leaf of leaves) next.append(leaf);
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
    if (next.size < checkpoint.size) {
      this.#ahead.set(log, next);
      return { known: next.size };
    }
    if (!isWhole) throw notExtending(signed.size);
    await this.#keep(log, next);
    const { party, signature } = sign(this.#context, this.#options.key, 'Checkpoint', checkpoint);
    return { known: next.size, signed: { coordinator: party, signature } };
  }

  /** What the log itself signed that it is. */
  #read({ log, note }: CheckpointRequest): Checkpoint {
    const { log: identity } = logOf(this.#context.network, log);
    const { origin, size, root } = parseCheckpoint(openNote(note, [identity.key]));
    if (origin !== identity.origin) throw new MedsealError('LOG_WRONG', {});
    if (size === 0) throw new MedsealError('CHECKPOINT_REFUSED', { reason: 'it has no entries' });
    return { log: identity.id, size, root: bytesToHex(root) };
  }

  async #signed(log: LogName): Promise<MerkleFrontier> {
    const { primitives } = this.#context;
    const text = await this.#options.database.get(`checkpoint/${log}`);
    if (text === undefined) return MerkleFrontier.empty(primitives);
    const { size, peaks } = JSON.parse(text) as SignedState;
    return MerkleFrontier.of(primitives, size, peaks.map(hexToBytes));
  }

  async #keep(log: LogName, frontier: MerkleFrontier): Promise<void> {
    const state: SignedState = {
      size: frontier.size,
      root: bytesToHex(frontier.root()),
      peaks: frontier.peaks.map(bytesToHex),
    };
    await this.#options.database.put(`checkpoint/${log}`, JSON.stringify(state), SYNCED);
  }

  /** Keeps what shows everybody that the log has an entry for which it shows too few verdicts. */
  async #keepProof(request: CheckpointRequest, before: MerkleFrontier): Promise<void> {
    const proof: UnjudgedProof = { ...request, peaks: before.peaks.map(bytesToHex) };
    await this.#options.database.put(`unjudged/${request.log}`, JSON.stringify(proof), SYNCED);
  }
}

function notExtending(size: number): MedsealError {
  const reason = `it does not hold the entries that were shown after the one of size ${size}`;
  return new MedsealError('CHECKPOINT_REFUSED', { reason });
}
