import type { LogPlace } from '../../protocol/AgentPort.ts';

/**
 * Says in a sentence for each log that a chart was made before entries that this device was acknowledged.
 *
 * @param behind - The newest of those entries in each log.
 */
export function describeBehind(behind: readonly LogPlace[]): readonly string[] {
  return behind.map(
    ({ log, index }) =>
      `The node's copy of ${log} does not have entry ${index} yet, which was acknowledged to this device: newer records may be missing here. Try again in a moment.`,
  );
}
