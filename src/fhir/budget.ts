/** Steps that the reading of others' content may still take; without a budget they are not counted off. */
let left = Infinity;

/** Thrown by `spend`, and caught by the `withBudget` whose budget it was. */
class BudgetSpent extends Error {}

/**
 * Counts steps of reading what others wrote: values and characters that are looked at. Whatever looks at a part of a resource calls
 * it first.
 *
 * @param steps - Their number.
 * @throws BudgetSpent if the budget of `withBudget` has no more; nobody else catches it.
 */
export function spend(steps: number): void {
  left -= steps;
  if (left < 0) throw new BudgetSpent();
}

/** Result of a reading within a budget. */
export interface Budgeted<Result> {
  /** Undefined if the budget did not reach. */
  readonly result: Result | undefined;
  /** Steps that it took; of one that did not end, the budget. */
  readonly steps: number;
}

/**
 * Reads something that others wrote, with no more than a number of steps.
 *
 * @param budget - The most steps.
 * @param read - Reads without waiting.
 */
export function withBudget<Result>(budget: number, read: () => Result): Budgeted<Result> {
  const outside = left;
  const own = Math.min(budget, outside);
  left = own;
  let steps = own;
  try {
    const result = read();
    steps = own - left;
    return { result, steps };
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    return { result: undefined, steps };
  } finally {
    left = outside - steps;
  }
}
