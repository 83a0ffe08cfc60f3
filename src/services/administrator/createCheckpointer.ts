import type { PlacedCheckpoint } from '../../protocol/evidence/evidence.ts';
import type { Checkpoint } from '../../protocol/struct/requests.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { shareNext } from '../shareNext.ts';
import { LogCheckpoints, type LogCheckpointsOptions } from './LogCheckpoints.ts';

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
export interface CheckpointerOptions extends LogCheckpointsOptions {
  readonly policy: CheckpointPolicy;
  /** Requires that the log is open, by the organisation's own coordinator: it throws `LOG_CLOSED`. */
  readonly requireOpen: () => Promise<void>;
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
  const { clock } = context;
  const { log, policy } = options;
  const checkpoints = new LogCheckpoints(context, options);
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

  return {
    requireWhole: () => checkpoints.requireWhole(),
    appended,
    signedNote: (statement) => checkpoints.signedNote(statement),
    checkpoint,
    close,
  };

  function appended(count: number): void {
    bytes.appended += count;
    schedule();
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
    const placed = await checkpoints.place(size, checkpointed);
    await log.keepCheckpoint(placed);
    checkpointed = size;
    bytes.covered = covered;
    options.onCheckpointed(placed);
  }

  async function close(): Promise<void> {
    closed = true;
    cancelTimer?.();
    // The caller was told of its failure.
    await last.catch(() => undefined);
  }
}
