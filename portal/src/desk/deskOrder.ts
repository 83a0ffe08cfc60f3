import type { DeskItem } from './DeskKind.ts';

/** Seconds before the end of a term in which it is said to be due soon. */
const SOON = 3 * 86_400;

/**
 * Sorts the items of a desk: what is due first stands first; of those without a term, or with the same one, the newest.
 *
 * @param one - An item.
 * @param other - Another one.
 */
export function deskOrder(one: DeskItem, other: DeskItem): number {
  const { due = Infinity, since = 0 } = one;
  const { due: otherDue = Infinity, since: otherSince = 0 } = other;
  // Two without a term have no difference that is a number.
  return due === otherDue ? otherSince - since : due - otherDue;
}

/**
 * Tells whether an item waits, and its term ends within three days.
 *
 * @param item - The item.
 * @param now - Unix seconds.
 */
export function isDueSoon({ isWaiting, due }: DeskItem, now: number): boolean {
  return isWaiting && due !== undefined && due - now <= SOON;
}
