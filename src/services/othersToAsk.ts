import type { Channel } from '../protocol/NetworkFile.ts';

/**
 * How many of the other organisations must answer one that may have been away, so that an honest one is among them that
 * keeps whatever was acknowledged meanwhile: k of the others keep it, and f of those may lie. If k must agree on a
 * view, so many others answer anyhow.
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
