import { isTakenBack } from '../../../src/fhir/clinicalState.ts';
import { fieldOf, listOf } from '../../../src/fhir/fieldOf.ts';
import type { Described } from './describeResource.ts';
import type { FhirDate } from './Said.ts';

/** Results that stand in one table. */
export interface ReportResults {
  readonly results: readonly unknown[];
  /** When all of them were measured, if that is one time. */
  readonly when?: FhirDate;
}

/**
 * Finds the results of a report that one table can hold: single values that stand. Those that lie in a record without the report
 * are of one if they have one time.
 *
 * @param resources - The resources of a record; not trusted.
 * @param described - The description of each, in the same order.
 * @returns No results if it would be a single one.
 */
export function tableOfResults(
  resources: readonly unknown[],
  described: readonly Pick<Described, 'tooLarge' | 'when'>[],
): ReportResults {
  const found = resources.flatMap((resource, place) => {
    const { tooLarge, when } = described[place] ?? {};
    const isSingle = listOf(fieldOf(resource, 'component')).length === 0;
    const isResult = isOf(resource, 'Observation') && isSingle && !isTakenBack(resource);
    return isResult && tooLarge !== true ? [{ resource, when }] : [];
  });
  const [first] = found;
  const isOneTime =
    first?.when !== undefined && new Set(found.map(({ when }) => JSON.stringify(when))).size === 1;
  const isReport = isOneTime || resources.some((each) => isOf(each, 'DiagnosticReport'));
  if (found.length < 2 || !isReport) return { results: [] };
  const results = found.map(({ resource }) => resource);
  return { results, ...(isOneTime && first?.when && { when: first.when }) };
}

function isOf(resource: unknown, type: string): boolean {
  return fieldOf(resource, 'resourceType') === type;
}
