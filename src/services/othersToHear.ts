import type { Channel } from '../protocol/NetworkFile.ts';

/**
 * How many of the other organisations a restored one must hear, so that an honest one is among them that keeps whatever
 * was acknowledged: k keep it, this one perhaps among them, and f of the k may lie. All others if there are not so many.
 *
 * @param channel - Its organisations and thresholds.
 */
export function othersToHear({
  coordinators,
  thresholds,
  faulty,
}: Pick<Channel, 'coordinators' | 'thresholds' | 'faulty'>): number {
  const all = coordinators.length;
  return Math.min(all - 1, all - Math.min(thresholds.writes, thresholds.views) + 1 + faulty);
}
