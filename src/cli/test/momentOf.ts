import { until } from './ChannelNodes.ts';
import type { RunningUp } from './startNode.ts';
import { successionAt } from './successionAt.ts';

/**
 * Waits until nodes know of a change that was published.
 *
 * @param number - Number of the network file that comes in force.
 * @param nodes - Nodes that run under the file before.
 * @returns The moment from which it holds, Unix seconds.
 */
export async function momentOf(number: number, nodes: readonly RunningUp[]): Promise<number> {
  let moment = 0;
  for (const node of nodes) {
    await until(`knowing of ${number}`, async () => {
      const next = (await successionAt(node))?.next;
      if (next?.number !== number) return false;
      moment = next.from;
      return true;
    });
  }
  return moment;
}
