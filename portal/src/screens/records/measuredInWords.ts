import { isTakenBack } from '../../../../src/fhir/clinicalState.ts';
import { amountsInWords } from '../../fhir/amountsInWords.ts';
import type { ChartItem } from '../../fhir/ArrangedChart.ts';
import { measurementsOf } from '../../fhir/measurementsOf.ts';
import { sayFhir, type FhirWords } from '../../fhir/sayFhir.ts';
import { latestVitals } from '../chart/latestVitals.ts';

/** Most values that a line tells. */
const MOST = 3;
/** Most resources whose values are told: a record may have any number. */
const MEASURED = 500;

/** A value that was measured, with its name. */
export interface NamedValue {
  readonly name: string;
  readonly amount: string;
}

/** The values of a record or a report, as one line tells them. */
export interface MeasuredInWords {
  /** The first values that were measured. */
  readonly values: readonly NamedValue[];
  /** Number of all values. */
  readonly count: number;
  /** Number of those that are out of their range. */
  readonly odd: number;
}

/**
 * Puts the values that resources measured into words; what was taken back does not count.
 *
 * @param items - The resources.
 * @param words - The person's words.
 */
export function measuredInWords(items: readonly ChartItem[], words: FhirWords): MeasuredInWords {
  const resources = items.filter((item) => !isTakenBack(item.resource)).slice(0, MEASURED);
  const measured = latestVitals(measurementsOf(resources.map(({ resource }) => resource)));
  const parts = measured.flatMap((each) => each.parts);
  return {
    values: measured.slice(0, MOST).map((each) => ({
      name: sayFhir(each.title, words),
      amount: amountsInWords(
        each.parts.map(({ amount }) => amount),
        words,
      ),
    })),
    count: measured.length,
    odd: parts.filter(({ flag }) => flag !== undefined && flag.direction !== 'none').length,
  };
}
