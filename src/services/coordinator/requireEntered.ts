import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { LogName } from '../../protocol/ids.ts';

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

/**
 * Requires that the log has each view at its place, by what it presented here or by the organisation's own copy: a promise of
 * others alone would let an agent have views released that it never enters.
 *
 * @param seen - The logs.
 * @param logged - The views.
 * @param now - Unix seconds.
 * @throws MedsealError `NOT_YET` if one may still come; `EVIDENCE_INVALID` if not.
 */
export async function requireEntered(
  { logs, isShown }: LogsSeen,
  { log, entries, held }: Logged,
  now: number,
): Promise<void> {
  const shown = await isShown(log, entries, held);
  const others = entries.filter((_, nth) => shown[nth] !== true);
  if (others.length === 0) return;
  const copy = logs.get(log);
  const copied = await copy?.entriesAt(others.map(({ index }) => index));
  const absent = others.find(({ entry }, nth) => copied?.[nth] !== entry);
  if (absent !== undefined) {
    const missing = held ? 'checkpoint over the view' : 'place of the view in the log';
    if (isStillDue(absent, now)) throw notYet(missing);
    throw invalid('the log did not take the view in time');
  }
  if (!held) return;
  // A copy keeps no checkpoint that its ledger does not hold.
  const covered = (await copy?.latestCheckpoint())?.checkpoint.size ?? 0;
  if (others.some(({ index }) => index >= covered)) throw notYet('checkpoint over the view');
}

/**
 * Requires that the log of each write has it at its place in the same way: if a log dropped it, another write may have the
 * version, whose file the chart shows.
 *
 * @param seen - The logs.
 * @param writes - The writes, of any logs.
 * @param held - True if a checkpoint on the ledger must be over them.
 * @throws MedsealError `NOT_YET` if the coordinator does not know the place of one; `EVIDENCE_INVALID` if another entry is there.
 */
export async function requireWritten(
  { logs, isShown }: LogsSeen,
  writes: readonly Acknowledgement[],
  held: boolean,
): Promise<void> {
  for (const [log, entries] of Map.groupBy(writes, (each) => each.log)) {
    const copy = logs.get(log);
    const [copied, latest] = await Promise.all([
      copy?.entriesAt(entries.map(({ index }) => index)),
      held ? copy?.latestCheckpoint() : undefined,
    ]);
    const covered = held ? (latest?.checkpoint.size ?? 0) : Infinity;
    if (entries.some(({ entry }, nth) => (copied?.[nth] ?? entry) !== entry))
      throw invalid('the write is not in its log');
    const others = entries.filter(
      ({ index }, nth) => copied?.[nth] === undefined || index >= covered,
    );
    const shown = others.length === 0 ? [] : await isShown(log, others, held);
    if (others.some((_, nth) => shown[nth] !== true)) throw notYet('copy of the log');
  }
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
