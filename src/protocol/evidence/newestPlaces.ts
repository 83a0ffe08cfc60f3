import type { LogPlace } from '../AgentPort.ts';
import type { LogName } from '../ids.ts';

/**
 * Returns the newest of places in each log: a node that lists these lists all.
 *
 * @param places - In any order.
 */
export function newestPlaces(places: Iterable<LogPlace>): readonly LogPlace[] {
  const newest = new Map<LogName, LogPlace>();
  for (const { log, index } of places) {
    if ((newest.get(log)?.index ?? -1) < index) newest.set(log, { log, index });
  }
  return [...newest.values()];
}
