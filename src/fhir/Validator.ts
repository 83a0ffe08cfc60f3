import type { Bundle } from '@medplum/fhirtypes';

/** Validates FHIR content by R4. */
export interface Validator {
  /**
   * Validates a bundle from outside, and every resource in it.
   *
   * @param value - A value decoded from JSON.
   * @returns The same value, known to be a bundle.
   * @throws MedsealError `FHIR_INVALID` with the path of the fault and the rule that it breaks, never a value.
   */
  validateBundle(value: unknown): Bundle;
}
