import type { OrderKept } from './keptOrders.ts';
import type { OrderRead } from './readOrders.ts';

/** Says who calls a result critical: the report on the `chart`, or only the laboratory’s `letter`, which nobody read yet. */
export type CriticalBy = 'chart' | 'letter';

/**
 * Tells whether an order has a critical result that waits for its sign-off, and by whose word.
 *
 * @param order - The order, as its chart has it.
 * @param kept - The orders of the chart as the device knows them, from `listOrders`.
 * @returns Undefined if nobody says so.
 * @example
 * ```ts
 * for await (const { orders, kept } of listOrders(doctor)) {
 *   for (const order of orders) console.log(criticalBy(order, kept) ?? 'not critical');
 * }
 * ```
 */
export function criticalBy(
  { handle, record, toSignOff }: Pick<OrderRead, 'handle' | 'record' | 'toSignOff'>,
  kept: readonly OrderKept[],
): CriticalBy | undefined {
  if (toSignOff.some(({ critical }) => critical)) return 'chart';
  const known = kept.find((each) => each.record === record && each.handle === handle);
  return known?.critical === true ? 'letter' : undefined;
}
