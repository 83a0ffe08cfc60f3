import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { LogPlace } from '../../protocol/AgentPort.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { Address, LogName } from '../../protocol/ids.ts';

/** Asks whoever has a log for a checkpoint over an entry that a copy waits for; never fails. */
export type Hasten = (log: LogName, index: number) => void;

/** The longest that a chart is held back, milliseconds: some checkpoints with their copying. */
export const LONGEST_WAIT = 5000;
/** Number of views of one party that may wait at once, and of all parties. */
const [MOST_OF_PARTY, MOST] = [4, 256];

/** Waits for entries that a reader knows of and the node has no copy of yet. */
export type AwaitEntries = (party: Address, after: readonly LogPlace[]) => Promise<void>;

/**
 * Makes a function that holds a chart back until the copies of logs have the entries that its reader asks for. Appended
 * entries wake it, the log's organisation is asked to checkpoint them soon, and it never fails: a view that waits too long, or comes while too many wait, gets the chart as it
 * is, which says so.
 *
 * @param clock - For the longest wait.
 * @param logs - The organisation's own log and its copies.
 * @param hasten - Has the missing entries come sooner.
 */
export function createAwaiting(
  clock: Clock,
  logs: ReadonlyMap<LogName, Pick<EvidenceLog, 'size' | 'grown'>>,
  hasten: Hasten,
): AwaitEntries {
  const waiting = new Map<Address, number>();
  let all = 0;

  return async (party, after) => {
    const missing = after.flatMap(({ log: name, index }) => {
      const log = logs.get(name);
      return log === undefined || index < log.size ? [] : [{ log, name, size: index + 1 }];
    });
    const own = waiting.get(party) ?? 0;
    if (missing.length === 0 || own >= MOST_OF_PARTY || all >= MOST) return;
    const ended = new AbortController();
    const cancel = clock.after(LONGEST_WAIT, () => ended.abort());
    waiting.set(party, own + 1);
    all += 1;
    for (const { name, size } of missing) hasten(name, size - 1);
    await Promise.all(missing.map(async ({ log, size }) => await log.grown(size, ended.signal)));
    cancel();
    all -= 1;
    const left = (waiting.get(party) ?? 1) - 1;
    if (left > 0) waiting.set(party, left);
    else waiting.delete(party);
  };
}
