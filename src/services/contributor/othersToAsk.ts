import type { Channel } from '../../protocol/network/NetworkFile.ts';

/**
 * Returns the number of other organisations that must answer one that may have been away, so that one of them is honest
 * and keeps whatever was acknowledged meanwhile: k of the others keep it, and f of those may lie. If the threshold of
 * views is k, that many others answer in any case.
 *
 * @param channel - Its organisations and thresholds.
 */
export function othersToAsk({
  coordinators,
  thresholds,
  faulty,
}: Pick<Channel, 'coordinators' | 'thresholds' | 'faulty'>): number {
  const all = coordinators.length;
  return Math.min(all - 1, all - thresholds.writes + faulty);
}
