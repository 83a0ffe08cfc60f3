import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';

/** The logs, as a coordinator knows them. */
export interface LogsSeen {
  /** Its organisation's own log and its copies of the others. */
  readonly logs: ReadonlyMap<LogName, Pick<EvidenceLog, 'entriesAt' | 'latestCheckpoint'>>;
  /** Tells of entries whether the log presented each at its place (`CheckpointSigner.areShown`). */
  readonly isShown: (
    log: LogName,
    entries: readonly Pick<Acknowledgement, 'index' | 'entry'>[],
    held: boolean,
  ) => Promise<readonly boolean[]>;
}

/** Entries, the log that must have them, and whether a checkpoint on the ledger must be over them. */
interface Logged {
  readonly log: LogName;
  readonly entries: readonly Acknowledgement[];
  readonly held: boolean;
}

/** Faults of entries; those that stand where they must have none. */
export type FaultsOfEntries = ReadonlyMap<Bytes32, MedsealError>;

/**
 * Finds the views that the log does not have at their places, by what it presented here or by the organisation's own copy: a promise of
 * others alone would let an agent have views released that it never enters.
 *
 * @param seen - The logs.
 * @param logged - The views.
 * @param now - Unix seconds.
 * @returns Of each `NOT_YET` if it may still come; `EVIDENCE_INVALID` if not.
 */
export async function faultsOfEntered(
  { logs, isShown }: LogsSeen,
  { log, entries, held }: Logged,
  now: number,
): Promise<FaultsOfEntries> {
  const shown = await isShown(log, entries, held);
  const others = entries.filter((_, nth) => shown[nth] !== true);
  if (others.length === 0) return new Map();
  const copy = logs.get(log);
  const copied = await copy?.entriesAt(others.map(({ index }) => index));
  // A copy keeps no checkpoint that its ledger does not hold.
  const covered = held ? ((await copy?.latestCheckpoint())?.checkpoint.size ?? 0) : Infinity;
  const missing = held ? 'checkpoint over the view' : 'place of the view in the log';
  return faultsIn(others, (view, nth) => {
    if (copied?.[nth] === view.entry) return view.index < covered ? undefined : notYet(missing);
    if (isStillDue(view, now)) return notYet(missing);
    return invalid('the log did not take the view in time');
  });
}

/**
 * Finds the writes that their logs do not have at their places in the same way: if a log dropped one, another write may have the
 * version, whose file the chart shows.
 *
 * @param seen - The logs.
 * @param writes - The writes, of any logs.
 * @param held - True if a checkpoint on the ledger must be over them.
 * @returns Of each `NOT_YET` if the coordinator does not know its place; `EVIDENCE_INVALID` if another entry is there.
 */
export async function faultsOfWritten(
  { logs, isShown }: LogsSeen,
  writes: readonly Acknowledgement[],
  held: boolean,
): Promise<FaultsOfEntries> {
  const faults = new Map<Bytes32, MedsealError>();
  for (const [log, entries] of Map.groupBy(writes, (each) => each.log)) {
    const copy = logs.get(log);
    const [copied, latest] = await Promise.all([
      copy?.entriesAt(entries.map(({ index }) => index)),
      held ? copy?.latestCheckpoint() : undefined,
    ]);
    const covered = held ? (latest?.checkpoint.size ?? 0) : Infinity;
    const others = entries.filter(
      ({ index }, nth) => copied?.[nth] === undefined || index >= covered,
    );
    let unknown = notYet('copy of the log');
    const shown = await shownIn(others).catch((error: unknown) => {
      if (!isMedsealError(error, 'LOG_CLOSED') && !isMedsealError(error, 'LOG_ENDED')) throw error;
      // Writes of other logs stand all the same.
      unknown = error;
      return [];
    });
    const absent = new Set(others.filter((_, nth) => shown[nth] !== true));
    const found = faultsIn(entries, (write, nth) => {
      if ((copied?.[nth] ?? write.entry) !== write.entry)
        return invalid('the write is not in its log');
      return absent.has(write) ? unknown : undefined;
    });
    for (const [entry, fault] of found) faults.set(entry, fault);

    async function shownIn(some: readonly Acknowledgement[]): Promise<readonly boolean[]> {
      return some.length === 0 ? [] : await isShown(log, some, held);
    }
  }
  return faults;
}

function faultsIn(
  entries: readonly Acknowledgement[],
  faultOf: (entry: Acknowledgement, nth: number) => MedsealError | undefined,
): FaultsOfEntries {
  const faults = new Map<Bytes32, MedsealError>();
  for (const [nth, each] of entries.entries()) {
    const fault = faultOf(each, nth);
    if (fault !== undefined) faults.set(each.entry, fault);
  }
  return faults;
}

function isStillDue({ verdicts }: Acknowledgement, now: number): boolean {
  return verdicts.some(({ verdict }) => verdict.includeBy >= now);
}

function notYet(what: string): MedsealError {
  return new MedsealError('NOT_YET', { what });
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
