import { partsOfBundle, type PartClaim } from '../../fhir/partsOfBundle.ts';
import { reassembleSet } from '../../fhir/reassembleSet.ts';
import type { Chart } from './readChart.ts';

/** A FHIR bundle of which parts are not on the chart. */
export interface IncompleteSet {
  /** Identifier that its parts have in common. */
  readonly set: string;
  /** Numbers of the missing parts. */
  readonly missing: readonly number[];
}

/**
 * Finds the FHIR bundles of which parts are missing. Parts of which older versions are needed are not told here: whoever
 * reads such a bundle is told. A record that somebody else added as a missing part hides nothing.
 *
 * @param chart - The chart.
 * @param parts - Every part of it that was opened, in the order in which their records were added.
 * @param unopened - Number of records of the chart that were not: withdrawn, too large, without a key. Each may be a
 * part, so a bundle that misses no more than so many is not told.
 * @example
 * ```ts
 * const parts = [];
 * for await (const read of readRecords(doctor, chart, chart.records)) {
 *   const content = 'error' in read ? undefined : partIn(read.content, read.record);
 *   if (content !== undefined) parts.push({ content, record: read.record });
 * }
 * const incomplete = incompleteSets(chart, parts, chart.records.length - parts.length);
 * ```
 */
export function incompleteSets(
  chart: Pick<Chart, 'records'>,
  parts: readonly PartClaim[],
  unopened: number,
): readonly IncompleteSet[] {
  const sets = Map.groupBy(parts, ({ content }) => content.set);
  return [...sets].flatMap(([set, claims]) => {
    const missing = missingOf(chart, claims);
    return missing.length > unopened ? [{ set, missing }] : [];
  });
}

function missingOf(chart: Pick<Chart, 'records'>, claims: readonly PartClaim[]): readonly number[] {
  const [first] = claims;
  if (first === undefined) return [];
  // Nobody knows a set before its first record is there.
  const { parts } = partsOfBundle(chart, claims, first.record.record);
  const found = reassembleSet(parts.map(({ content }) => content));
  return found.complete ? [] : found.missing;
}
