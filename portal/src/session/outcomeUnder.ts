/** The state that a task is in, with its value or its failure. */
export type TaskOutcome<Value> =
  | { readonly state: 'working' }
  | { readonly state: 'done'; readonly value: Value }
  | { readonly state: 'failed'; readonly error: unknown };

/** An outcome, and the values that the work depended on. */
export interface KnownOutcome<Value> {
  readonly dependencies: readonly unknown[];
  readonly outcome: TaskOutcome<Value>;
}

/**
 * Returns an outcome if it belongs to these dependencies; under others the work is not done yet, so that nobody reads an
 * answer beside a question that was not asked.
 *
 * @param known - The last outcome.
 * @param dependencies - Values that the work depends on now.
 */
export function outcomeUnder<Value>(
  known: KnownOutcome<Value>,
  dependencies: readonly unknown[],
): TaskOutcome<Value> {
  const isSame =
    known.dependencies.length === dependencies.length &&
    known.dependencies.every((each, at) => Object.is(each, dependencies[at]));
  return isSame ? known.outcome : { state: 'working' };
}
