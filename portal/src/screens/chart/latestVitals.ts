import type { Measurement, Series } from '../../fhir/measurementsOf.ts';
import { objectedTitle } from '../../fhir/objectedTitle.ts';
import type { FhirDate, Said } from '../../fhir/Said.ts';

/** The newest value of a vital sign; of a blood pressure, both. */
export interface LatestVital {
  readonly key: string;
  readonly title: Said;
  readonly parts: readonly Measurement[];
  readonly when?: FhirDate;
}

/** LOINC: systolic blood pressure, which is said before the diastolic. */
const SYSTOLIC = '8480-6';

/**
 * The newest value of each vital sign. Values that were measured together are told together.
 *
 * @param series - Series of vital signs.
 */
export function latestVitals(series: readonly Series[]): readonly LatestVital[] {
  const groups = Map.groupBy(series, ({ key, group }) => group?.key ?? key);
  return [...groups].flatMap(([key, members]) => {
    const inOrder = members.toSorted(
      (left, right) => Number(right.key.includes(SYSTOLIC)) - Number(left.key.includes(SYSTOLIC)),
    );
    const newest = inOrder
      .flatMap(({ points }) => points.slice(0, 1))
      .toSorted(
        (left, right) =>
          (right.when?.at ?? Number.MIN_SAFE_INTEGER) - (left.when?.at ?? Number.MIN_SAFE_INTEGER),
      )[0];
    const first = inOrder.find(({ points }) => points[0] === newest);
    if (newest === undefined || first === undefined) return [];
    const parts = inOrder.flatMap(({ points }) =>
      points.filter(({ resource }) => resource === newest.resource).slice(0, 1),
    );
    const { when } = newest;
    // Half of a blood pressure is not called one.
    const whole = parts.length > 1 ? first.group : undefined;
    const title = whole && objectedTitle(whole.title, newest.resource);
    return [{ key, title: title ?? first.title, parts, ...(when && { when }) }];
  });
}
