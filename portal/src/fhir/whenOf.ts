import { fieldOf } from '../../../src/fhir/fieldOf.ts';
import { KIND_VIEWS } from './kindViews.ts';
import { parseFhirDate } from './parseFhirDate.ts';
import type { FhirDate } from './Said.ts';
import { valuesAt } from './valuesAt.ts';

/** The places in which a resource of an unknown kind can have its date. */
const USUAL = [
  'date',
  'created',
  'authoredOn',
  'period',
  'issued',
  'recorded',
  'sent',
  'started',
  'start',
];

/**
 * When a resource's matter happened or began, as far as it says.
 *
 * @param resource - Anything.
 */
export function whenOf(resource: unknown): FhirDate | undefined {
  const type = fieldOf(resource, 'resourceType');
  const row =
    typeof type === 'string' && Object.hasOwn(KIND_VIEWS, type) ? KIND_VIEWS[type] : undefined;
  for (const path of row?.when ?? USUAL) {
    for (const { value } of valuesAt(resource, path)) {
      const when =
        parseFhirDate(value) ??
        parseFhirDate(fieldOf(value, 'start')) ??
        parseFhirDate(fieldOf(value, 'end'));
      if (when !== undefined) return when;
    }
  }
  return undefined;
}
