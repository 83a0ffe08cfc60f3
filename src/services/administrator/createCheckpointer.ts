import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { evidenceAbi } from '../../bindings/generated/evidenceAbi.ts';
import { hexToBytes } from '../../crypto/bytes.ts';
import { formatCheckpoint } from '../../crypto/note/checkpoint.ts';
import type { NoteKey } from '../../crypto/note/NoteKey.ts';
import { signNote } from '../../crypto/note/signNote.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Sender } from '../../ledger/openSender.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type {
  CoordinatorSignature,
  LedgerPlace,
  PlacedCheckpoint,
  SignedPlace,
} from '../../protocol/evidence/evidence.ts';
import { placeText } from '../../protocol/wire/placeText.ts';
import type { Checkpoint } from '../../protocol/struct/requests.ts';
import type { PlacedRoot } from '../LedgerIndex.ts';
import type { CoordinatorPort } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { shareNext } from '../shareNext.ts';
import { createSignatureCollector } from './createSignatureCollector.ts';
import { readRefusals } from './readRefusals.ts';

/** Moments at which a log is checkpointed: the first of these. */
export interface CheckpointPolicy {
  /** Entries since the last checkpoint. */
  readonly maxEntries: number;
  /** Bytes of bodies since then; as many as there are if absent. */
  readonly maxBytes?: number;
  /** Milliseconds since the first entry after it. */
  readonly maxDelay: number;
}

/** Options of `createCheckpointer`. */
export interface CheckpointerOptions {
  /** The organisation's own log. */
  readonly log: EvidenceLog;
  /** The log's note key (Ed25519). */
  readonly noteKey: NoteKey;
  /** The account that carries checkpoints to the ledger. */
  readonly sender: Sender;
  readonly policy: CheckpointPolicy;
  /** Requires that the log is open, by the organisation's own coordinator: it throws `LOG_CLOSED`. */
  readonly requireOpen: () => Promise<void>;
  /** The channel's coordinators. */
  readonly coordinators: readonly CoordinatorPort[];
  /** Told of every checkpoint that stands on the ledger. */
  readonly onCheckpointed: (placed: PlacedCheckpoint) => void;
  /** Told once of each checkpoint that failed; it is tried again with the next entry or after `maxDelay`. */
  readonly onFailure: (error: unknown) => void;
}

/** Has a log checkpointed: signed by a quorum of coordinators, and on the ledger, when its policy says so. */
export interface Checkpointer {
  /**
   * Requires that the log holds what the ledger has of it. Otherwise entries were lost, or another copy of this node
   * appended some, and to go on would mend neither.
   * @throws MedsealError `NODE_DOUBLED`, `CHECKPOINT_REFUSED`.
   */
  requireWhole(): void;
  /** Takes note of bytes of bodies that were appended, and has them checkpointed in time. */
  appended(bytes: number): void;
  /** The log's own signature over its size and root. */
  signedNote(statement: Pick<Checkpoint, 'size' | 'root'>): string;
  /** Checkpoints all other entries; resolves when the checkpoint is on the ledger. */
  checkpoint(): Promise<void>;
  /** Ends after the checkpoint that is under way. */
  close(): Promise<void>;
}

/**
 * Makes a checkpointer.
 *
 * @param context - The organisation's context.
 * @param options - Log, keys, ledger account, policy, coordinators.
 */
export function createCheckpointer(
  context: ServiceContext,
  options: CheckpointerOptions,
): Checkpointer {
  const { network, clock, index, primitives } = context;
  const { log, sender, policy } = options;
  const signatures = createSignatureCollector(context, log, options.coordinators);
  /** Size of the newest checkpoint that the log keeps. */
  let checkpointed = 0;
  /** Bytes of bodies that this process appended, and of those how many a checkpoint covers. */
  const bytes = { appended: 0, covered: 0 };
  let cancelTimer: (() => void) | undefined;
  /** True if the policy began a checkpoint that has not ended. */
  let underWay = false;
  /** Checkpoints go one after another; appends during one share the next. */
  const checkpointNext = shareNext(makeCheckpoint);
  let last: Promise<void> = Promise.resolve();
  let closed = false;
  /** Size of the log on the ledger when this process first looked. */
  let begun: { readonly size: number } | undefined;
  /** Set for good once a second copy of this node was found: the two may have acknowledged different entries. */
  let doubled: { readonly size: number; readonly known: number } | undefined;

  return { requireWhole, appended, signedNote, checkpoint, close };

  function appended(count: number): void {
    bytes.appended += count;
    schedule();
  }

  function signedNote({ size, root }: Pick<Checkpoint, 'size' | 'root'>): string {
    const text = formatCheckpoint({ origin: log.identity.origin, size, root: hexToBytes(root) });
    return signNote(primitives, text, [options.noteKey]);
  }

  function requireWhole(): void {
    if (index.block < 0) return;
    const size = index.checkpoint(log.identity.id)?.size ?? 0;
    begun ??= { size };
    if (size > Math.max(log.size, begun.size)) doubled ??= { size, known: log.size };
    if (doubled !== undefined) throw new MedsealError('NODE_DOUBLED', doubled);
    if (size > log.size) {
      throw new MedsealError('CHECKPOINT_REFUSED', { reason: 'the ledger holds a longer log' });
    }
  }

  function schedule(): void {
    if (closed || log.size <= checkpointed) return;
    const { maxEntries, maxBytes = Infinity } = policy;
    const full =
      log.size - checkpointed >= maxEntries || bytes.appended - bytes.covered >= maxBytes;
    if (full) checkpointNow();
    else cancelTimer ??= clock.after(policy.maxDelay, checkpointNow);
  }

  function checkpointNow(): void {
    // A timer that fired is spent: the next entry, or the end of the work under way, sets another.
    cancelTimer?.();
    cancelTimer = undefined;
    // Entries that are appended meanwhile are handled at the end.
    if (underWay) return;
    underWay = true;
    checkpoint()
      .catch(options.onFailure)
      .finally(() => {
        underWay = false;
        if (cancelTimer === undefined) schedule();
      });
  }

  async function checkpoint(): Promise<void> {
    cancelTimer?.();
    cancelTimer = undefined;
    last = checkpointNext();
    try {
      await last;
    } catch (error) {
      if (!closed) cancelTimer ??= clock.after(policy.maxDelay, checkpointNow);
      throw error;
    }
    schedule();
  }

  async function makeCheckpoint(): Promise<void> {
    checkpointed = (await log.latestCheckpoint())?.checkpoint.size ?? 0;
    const { size } = log;
    const covered = bytes.appended;
    if (size <= checkpointed) return;
    await options.requireOpen();
    const root = await log.root(size);
    const statement = { log: log.identity.id, size, root };
    // An attempt that was interrupted may have reached the ledger, which then is ahead of what the log keeps.
    await index.refresh();
    requireWhole();
    const held = index.checkpoint(log.identity.id);
    if (held !== undefined && (held.size > size || (await log.root(held.size)) !== held.root)) {
      throw new MedsealError('CHECKPOINT_REFUSED', { reason: 'the ledger holds another log' });
    }
    const note = signedNote(statement);
    const collected = await signatures.collect(statement, note, checkpointed);
    const ledger = held?.size === size ? held : await carryCheckpoint(statement, collected, held);
    const placed: PlacedCheckpoint = {
      checkpoint: { log: log.identity.name, size, root, note, signatures: collected },
      ledger: signPlace(statement, ledger),
    };
    await log.keepCheckpoint(placed);
    checkpointed = size;
    bytes.covered = covered;
    options.onCheckpointed(placed);
  }

  function signPlace(checkpoint: Checkpoint, { transaction, block }: LedgerPlace): SignedPlace {
    const text = placeText(log.identity.origin, checkpoint, { transaction, block });
    return { transaction, block, note: signNote(primitives, text, [options.noteKey]) };
  }

  async function carryCheckpoint(
    checkpoint: Checkpoint,
    collected: readonly CoordinatorSignature[],
    held: PlacedRoot | undefined,
  ): Promise<LedgerPlace> {
    const consistency = held === undefined ? [] : await log.consistency(held.size, checkpoint.size);
    const row = [checkpoint, consistency, collected.map(({ signature }) => signature)] as const;
    const data = encodeBatch(evidenceAbi, 'checkpoint', [row]);
    const receipt = await sender.send({ to: network.contracts.evidence, data });
    const [refusal] = readRefusals(receipt.logs);
    if (refusal !== undefined) {
      throw new MedsealError('CHECKPOINT_REFUSED', { reason: refusal.error });
    }
    return receipt;
  }

  async function close(): Promise<void> {
    closed = true;
    cancelTimer?.();
    // The caller was told of its failure.
    await last.catch(() => undefined);
  }
}
