import { fieldOf, listOf } from '../fieldOf.ts';

/** Most results of a report that are read, with the members of panels. */
export const MOST_RESULTS_READ = 500;

/** The results of a report. */
export interface ResultsRead<Found> {
  /** Results in the report’s order, each once, and the members of a panel behind it. */
  readonly results: readonly Found[];
  /** Number of those that were named and are not among them. */
  readonly unseen: number;
}

/**
 * Follows the references of a report to its results, and those of panels to their members, as deep as they go. A result that several name,
 * or that is a member of itself, is there once; beyond a bound nothing is read, and counted as unseen.
 *
 * @param report - Not trusted.
 * @param find - Finds what a reference names, with its Observation; undefined if there is nothing.
 * @example
 * ```ts
 * const { results, unseen } = resultsOfReport(report, (reference) => byUrl.get(reference));
 * ```
 */
export function resultsOfReport<Found extends { readonly resource: unknown }>(
  report: unknown,
  find: (reference: string) => Found | undefined,
): ResultsRead<Found> {
  const results: Found[] = [];
  const seen = new Set<string>();
  let unseen = 0;
  // The next one stands last.
  const left: unknown[] = [];
  const name = (resource: unknown, field: string): void => {
    const all = listOf(fieldOf(resource, field));
    const read = all.slice(0, MOST_RESULTS_READ);
    unseen += all.length - read.length;
    left.push(...read.toReversed().map((each) => fieldOf(each, 'reference')));
  };
  name(report, 'result');
  while (left.length > 0) {
    const reference = left.pop();
    if (typeof reference === 'string' && seen.has(reference)) continue;
    const isBeyond = seen.size >= MOST_RESULTS_READ;
    const found = typeof reference === 'string' && !isBeyond ? find(reference) : undefined;
    if (typeof reference === 'string' && !isBeyond) seen.add(reference);
    if (fieldOf(found?.resource, 'resourceType') !== 'Observation') unseen += 1;
    else if (found !== undefined) {
      results.push(found);
      name(found.resource, 'hasMember');
    }
  }
  return { results, unseen };
}
