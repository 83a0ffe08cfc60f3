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
  /**
   * Milliseconds between two moments of the clock at which logs are checkpointed that have further entries: the same moments for
   * all organisations, so that one block takes the checkpoints of all.
   */
  readonly maxDelay: number;
  /** Milliseconds after which it is checkpointed at the latest once somebody waits for an entry; 200 if absent. */
  readonly hastened?: number;
}

/** Checkpoints as a network makes them unless it is told otherwise. */
export const DEFAULT_POLICY = {
  maxEntries: 1024,
  maxBytes: 4 * 2 ** 20,
  maxDelay: 5000,
} satisfies CheckpointPolicy;

/** Milliseconds in which others may come to wait too. */
const HASTENED = 200;

/** Options of `createCheckpointer`. */
export interface CheckpointerOptions extends LogCheckpointsOptions {
  readonly policy: CheckpointPolicy;
  /** Requires that the log is open, by the organisation's own coordinator: it throws `LOG_CLOSED`. */
  readonly requireOpen: () => Promise<void>;
  /** Told of every checkpoint that stands on the ledger. */
  readonly onCheckpointed: (placed: PlacedCheckpoint) => void;
  /** Told once of each checkpoint that failed; it is tried again at the next moment, or sooner if somebody waits. */
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
  /**
   * Has the entry at a place checkpointed soon, because somebody waits for it; does nothing if it is.
   * @param index - Place in the log.
   */
  hasten(index: number): void;
  /** Milliseconds for which entries have waited for a checkpoint, as far as this process knows; 0 if none waits. */
  waited(): number;
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
  /** Moment since which entries have waited for a checkpoint. */
  let since: number | undefined;
  /** Number of entries that somebody waits for. */
  let awaited = 0;
  /** True if the policy began a checkpoint that has not ended. */
  let underWay = false;
  /** Checkpoints go one after another; appends during one share the next. */
  const checkpointNext = shareNext(makeCheckpoint);
  let last: Promise<void> = Promise.resolve();
  let closed = false;

  return {
    requireWhole: () => checkpoints.requireWhole(),
    appended,
    hasten,
    waited: () => (since === undefined ? 0 : Math.max(0, clock.now() - since)),
    signedNote: (statement) => checkpoints.signedNote(statement),
    checkpoint,
    close,
  };

  function appended(count: number): void {
    bytes.appended += count;
    since ??= clock.now();
    schedule();
  }

  function hasten(index: number): void {
    if (closed || index < awaited || index < checkpointed || index >= log.size) return;
    const isHastened = awaited > checkpointed;
    awaited = index + 1;
    // Those who wait share the moment of the first of them.
    if (isHastened) return;
    cancelTimer?.();
    cancelTimer = undefined;
    if (!underWay) schedule();
  }

  function schedule(): void {
    if (closed || log.size <= checkpointed) return;
    const { maxEntries, maxBytes = Infinity } = policy;
    const full =
      log.size - checkpointed >= maxEntries || bytes.appended - bytes.covered >= maxBytes;
    if (full) checkpointNow();
    else cancelTimer ??= clock.after(untilNext(), checkpointNow);
  }

  /** Milliseconds until the log is to be checkpointed, if nothing else comes before. */
  function untilNext(): number {
    const { maxDelay, hastened = HASTENED } = policy;
    if (awaited > checkpointed) return Math.min(hastened, maxDelay);
    return maxDelay <= hastened ? maxDelay : maxDelay - (clock.now() % maxDelay);
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
      if (!closed) cancelTimer ??= clock.after(untilNext(), checkpointNow);
      throw error;
    }
    schedule();
  }

  async function makeCheckpoint(): Promise<void> {
    checkpointed = (await log.latestCheckpoint())?.checkpoint.size ?? 0;
    const { size } = log;
    const covered = bytes.appended;
    if (size <= checkpointed) {
      since = undefined;
      return;
    }
    since ??= clock.now();
    const begun = clock.now();
    await options.requireOpen();
    const placed = await checkpoints.place(size, checkpointed);
    await log.keepCheckpoint(placed);
    checkpointed = size;
    bytes.covered = covered;
    // Entries that came meanwhile wait for the next one.
    since = log.size > size ? begun : undefined;
    options.onCheckpointed(placed);
  }

  async function close(): Promise<void> {
    closed = true;
    cancelTimer?.();
    // The caller was told of its failure.
    await last.catch(() => undefined);
  }
}
