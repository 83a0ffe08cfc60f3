import type { FormFieldName, FormValues } from '../../../../src/fhir/forms/FormField.ts';
import { RESULT_FIELDS, type ReportValues } from '../../../../src/fhir/forms/reportForm.ts';

/** A report as it is kept while a person fills it in: a draft holds lists of texts, and no lists of lists. */
export interface ReportDraft {
  readonly taken: string;
  readonly status: string;
  readonly conclusion: string;
  /** The fields of all results, one result after the other. */
  readonly fields: readonly string[];
}

const NAMES: readonly FormFieldName[] = RESULT_FIELDS.map(({ name }) => name);

/**
 * Returns a report that nobody began: one result, of what was ordered.
 *
 * @param ordered - The order in words; may be empty.
 */
export function emptyReport(ordered: string): ReportDraft {
  return { taken: '', status: '', conclusion: '', fields: fieldsOf([{ test: ordered }]) };
}

/**
 * Returns the values of a draft, as the form reads them.
 *
 * @param draft - The draft.
 */
export function valuesOf({ fields, ...report }: ReportDraft): ReportValues {
  const count = Math.ceil(fields.length / NAMES.length);
  const results = Array.from({ length: count }, (_, row): FormValues => {
    return Object.fromEntries(
      NAMES.map((name, place) => [name, fields[row * NAMES.length + place] ?? '']),
    );
  });
  return { report, results };
}

/**
 * Returns the fields of results as a draft keeps them.
 *
 * @param results - The results.
 */
export function fieldsOf(results: readonly FormValues[]): readonly string[] {
  return results.flatMap((values) => NAMES.map((name) => values[name] ?? ''));
}

/**
 * Returns the values that are signed of a draft: a result of which only the proposed test is there counts as blank.
 *
 * @param draft - The draft.
 */
export function signedOf(draft: ReportDraft): ReportValues {
  const { report, results } = valuesOf(draft);
  return {
    report,
    results: results.map((each) => (isProposed(each) ? { ...each, test: '' } : each)),
  };
}

function isProposed({ test: _test, system: _system, ...rest }: FormValues): boolean {
  return Object.values(rest).every((text) => text.trim() === '');
}
