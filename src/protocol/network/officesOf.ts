import { MedsealError } from '../../errors/MedsealError.ts';
import type { LogName } from '../ids.ts';
import { logOf } from './networkLookups.ts';
import type { Channel, NetworkFile } from './NetworkFile.ts';

/**
 * Seconds around the moment of a change in which coordinators may still judge by the file before, or already by the one
 * after: nodes take the new file one after another.
 */
export const HANDOVER = 3600;

/**
 * The coordinators and thresholds of a log's channel, with the key of the log, and the time in which their statements
 * count.
 */
export interface OfficeInTime {
  readonly channel: Pick<Channel, 'coordinators' | 'thresholds'>;
  /** The key that verified the log's notes then (C2SP signed-note verifier key). */
  readonly key: string;
  /** First second, Unix. */
  readonly from: number;
  /** First second after it. */
  readonly until: number;
}

const known = new WeakMap<NetworkFile, Map<LogName, readonly OfficeInTime[]>>();

/**
 * Returns who judges, and judged, the entries of a log: of the network file and of each one before it, newest first.
 *
 * @param network - The network file.
 * @param log - The log's name.
 * @throws MedsealError `NOT_FOUND` if the network file names no such log.
 */
export function officesOf(network: NetworkFile, log: LogName): readonly OfficeInTime[] {
  const byLog = known.get(network) ?? new Map<LogName, readonly OfficeInTime[]>();
  known.set(network, byLog);
  const found = byLog.get(log) ?? find(network, log);
  byLog.set(log, found);
  return found;
}

function find(network: NetworkFile, log: LogName): readonly OfficeInTime[] {
  const {
    channel,
    log: { key },
  } = logOf(network, log);
  const { before = [] } = network;
  const offices: OfficeInTime[] = before.flatMap(({ until, channels }, place) => {
    const from = before[place - 1]?.until ?? 0;
    return channels.flatMap((channel) =>
      channel.logs
        .filter(({ name }) => name === log)
        .map(({ key }) => ({ channel, key, from, until: until + HANDOVER })),
    );
  });
  const from = before.at(-1)?.until ?? 0;
  return [...offices, { channel, key, from, until: Infinity }]
    .map((office) => ({ ...office, from: office.from - HANDOVER }))
    .toReversed();
}

/**
 * Returns when a log ended: its organisation has no coordinator any more, and no statement from before counts.
 *
 * @param network - The network file.
 * @param log - The log's name.
 * @returns Unix seconds; Infinity for the log of an organisation that is there.
 * @throws MedsealError `NOT_FOUND` if the network file names no such log.
 */
export function logEndOf(network: NetworkFile, log: LogName): number {
  const { organisation } = logOf(network, log).log;
  const own = officesOf(network, log).filter(({ channel: { coordinators } }) => {
    return coordinators.some((each) => each.organisation === organisation);
  });
  return Math.max(0, ...own.map(({ until }) => until));
}

/**
 * Returns the largest number of coordinators that a log's channel has or had at once: no entry has more verdicts, each
 * coordinator of its time judging it once.
 *
 * @param offices - Those of the log.
 */
export function mostJudges(offices: readonly OfficeInTime[]): number {
  return Math.max(0, ...offices.map(({ channel: { coordinators } }) => coordinators.length));
}

/**
 * Returns every key that a log has or had, the newest first.
 *
 * @param network - The network file.
 * @param log - The log's name.
 * @param madeAfter - A moment, Unix seconds: keys that were replaced before it are left out.
 * @throws MedsealError `NOT_FOUND` if the network file names no such log.
 */
export function logKeysOf(network: NetworkFile, log: LogName, madeAfter = 0): readonly string[] {
  const offices = officesOf(network, log).filter(({ until }) => until > madeAfter);
  return [...new Set(offices.map(({ key }) => key))];
}

/**
 * Returns the first value that an office gives without an error.
 *
 * @param offices - At least one.
 * @param attempt - Called with each, until it returns.
 * @throws The error of the first office, if all throw.
 */
export function byAnyOffice<Value>(
  offices: readonly OfficeInTime[],
  attempt: (office: OfficeInTime) => Value,
): Value {
  const [newest, ...others] = offices;
  if (newest === undefined) {
    throw new MedsealError('EVIDENCE_INVALID', { reason: 'nobody was in office then' });
  }
  try {
    return attempt(newest);
  } catch (error) {
    for (const office of others) {
      try {
        return attempt(office);
      } catch {
        // The error of the newest office says most.
      }
    }
    throw error;
  }
}
