import type { CriticalBy, OrderRead } from '../../../../src/client/index.ts';
import { fieldOf } from '../../../../src/fhir/fieldOf.ts';

/** An order of a list. */
export interface OrderListed {
  readonly order: OrderRead;
  /** By whose word a result is critical that waits for the sign-off; undefined if nobody says so. */
  readonly critical: CriticalBy | undefined;
}

/** FHIR’s priorities, the most pressing first. */
const PRIORITIES: readonly unknown[] = ['stat', 'asap', 'urgent'];

/**
 * Puts orders with a critical result first, also if only a letter says so, then the more pressing ones, then the older ones.
 *
 * @param one - An order.
 * @param other - Another one.
 */
export function byUrgency(one: OrderListed, other: OrderListed): number {
  return rank(one) - rank(other) || one.order.at - other.order.at;
}

function rank({ order: { request }, critical }: OrderListed): number {
  if (critical !== undefined) return -1;
  const place = PRIORITIES.indexOf(fieldOf(request, 'priority'));
  return place < 0 ? PRIORITIES.length : place;
}
