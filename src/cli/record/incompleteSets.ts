import type { PartContent } from '../../fhir/Part.ts';
import { reassembleBundle } from '../../fhir/reassembleBundle.ts';

/** A FHIR bundle of which parts are not on the chart. */
export interface IncompleteSet {
  /** What its parts have in common. */
  readonly set: string;
  /** Numbers of the missing parts. */
  readonly missing: readonly number[];
}

/**
 * Finds the FHIR bundles of which parts are missing. Parts of which older versions are needed are not told here: whoever
 * reads such a bundle is told.
 *
 * @param parts - Every part of the chart that was opened.
 * @param unopened - How many records of the chart were not: withdrawn, too large, without a key. Each may be a part, so a
 * bundle that misses no more than so many is not told.
 */
export function incompleteSets(
  parts: readonly PartContent[],
  unopened: number,
): readonly IncompleteSet[] {
  const sets = Map.groupBy(parts, ({ set }) => set);
  return [...sets].flatMap(([set, contents]) => {
    const missing = missingOf(contents);
    return missing.length > unopened ? [{ set, missing }] : [];
  });
}

function missingOf(contents: readonly PartContent[]): readonly number[] {
  const found = reassembleBundle(contents);
  return found.complete ? [] : found.missing;
}
