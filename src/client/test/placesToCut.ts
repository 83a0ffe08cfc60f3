/** Calls that change nothing: cut off after one of them, a deed leaves what the change before it left. */
const READS: ReadonlySet<string> = new Set(['read', 'facts', 'card']);

/**
 * The calls of a deed after which to cut it off: every so many of those that change something, and the last of each
 * kind that is not among these.
 *
 * @param calls - Names of the calls in their order.
 * @param every - With 1, each change is a place.
 * @returns Numbers of calls in their order; the first is 1.
 */
export function placesToCut(calls: readonly string[], every: number): readonly number[] {
  const changes = calls.flatMap((name, index) =>
    READS.has(name) ? [] : [{ name, number: index + 1 }],
  );
  const chosen = changes.filter((_, index) => index % every === Math.floor(every / 2));
  const kinds = new Set(chosen.map(({ name }) => name));
  for (const change of changes.toReversed()) {
    if (kinds.has(change.name)) continue;
    kinds.add(change.name);
    chosen.push(change);
  }
  return chosen.map(({ number }) => number).toSorted((left, right) => left - right);
}
