import type { Channel } from '../../protocol/network/NetworkFile.ts';

/**
 * Returns the number of other organisations that a restored one must hear, so that one of them is honest and keeps
 * whatever was acknowledged: k keep it, perhaps with this one among them, and f of the k may lie. All others if there
 * are fewer.
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
