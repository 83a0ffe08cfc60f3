import type { ElementDefinitionConstraint } from '@medplum/fhirtypes';

/**
 * Tells whether an invariant of FHIR is judged: warnings are not, nor is that nothing is empty (`ele-1`), which the
 * reader of JSON judges, nor `dom-3` and `sdf-19`, which need more of FHIRPath than the library has.
 *
 * @param constraint - The invariant, by key and severity.
 */
export function isJudged({
  key,
  severity,
}: Pick<ElementDefinitionConstraint, 'key' | 'severity'>): boolean {
  return severity === 'error' && !SKIPPED.has(key);
}

const SKIPPED = new Set(['ele-1', 'dom-3', 'sdf-19']);
