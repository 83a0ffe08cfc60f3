import type { EvidenceLog } from '../../log/EvidenceLog.ts';

/** Seconds between the moments of entries that a log takes at once, at most: two clocks, each 5 s off. */
export const MARGIN = 10;

/**
 * Tells whether a log went on to entries that were judged after a promise was due, and is checkpointed with them: an
 * entry that it does not hold by then will not come.
 *
 * @param log - The organisation's own, or its copy of another's.
 * @param includeBy - By when the log had to hold what was promised, Unix seconds.
 */
export async function wentBeyond(
  log: Pick<EvidenceLog, 'latestCheckpoint' | 'stored'>,
  includeBy: number,
): Promise<boolean> {
  const size = (await log.latestCheckpoint())?.checkpoint.size ?? 0;
  if (size === 0) return false;
  const [last] = await log.stored({ from: size - 1, to: size });
  return last !== undefined && last.at > includeBy + MARGIN;
}
