import type { FhirDate } from '../../fhir/Said.ts';
import { whenOf } from '../../fhir/whenOf.ts';
import type { ClinicalDates } from '../../session/clinicalDates.ts';
import { titleKey } from '../../session/titleKey.ts';
import type { TitledRecord } from './titlesOfOpened.ts';

/**
 * Returns the clinical dates of opened records: the newest of what they hold. A record without a date is left out.
 *
 * @param opened - The records that were opened.
 */
export function datesOfOpened(opened: readonly TitledRecord[]): ClinicalDates {
  return Object.fromEntries(
    opened.flatMap(({ record, resources = [] }) => {
      const newest = resources
        .map((resource) => whenOf(resource))
        .filter((when): when is FhirDate => when !== undefined)
        .reduce<FhirDate | undefined>(
          (last, when) => (last === undefined || when.at > last.at ? when : last),
          undefined,
        );
      return newest === undefined ? [] : [[titleKey(record), newest] as const];
    }),
  );
}
