import type { Bundle } from '@medplum/fhirtypes';
import type { FormContext } from './ClinicalForm.ts';
import { CLINICAL_FORMS } from './clinicalForms.ts';
import type { FormName } from './formNames.ts';
import type { FormFault, FormValues } from './FormField.ts';
import { readFields } from './readFields.ts';

/** A form that was read: its resources as a collection, or its faults in the order of the fields. */
export type FormRead =
  | {
      readonly bundle: Bundle;
      /** Values in the form that FHIR has, with those that hold without being given. */
      readonly read: FormValues;
      readonly faults: readonly [];
    }
  | {
      readonly bundle?: undefined;
      readonly read?: undefined;
      readonly faults: readonly [FormFault, ...FormFault[]];
    };

/**
 * Reads a clinical form that somebody filled in, and makes its FHIR R4 resources. The same values on the same day make the
 * same bundle.
 *
 * @param name - The form.
 * @param values - As they were typed; a field that the form does not have is a fault.
 * @param context - The chart, and the moment: nothing is taken of a time after it.
 */
export function readForm(name: FormName, values: FormValues, context: FormContext): FormRead {
  const form = CLINICAL_FORMS[name];
  const { read, faults } = readFields(form, values, context.at);
  const between = faults.length === 0 ? form.check?.(read) : undefined;
  const [first, ...more] = between === undefined ? faults : [between];
  if (first !== undefined) return { faults: [first, ...more] };
  const entry = form.make(read, context).map((resource) => ({ resource }));
  return { faults: [], read, bundle: { resourceType: 'Bundle', type: 'collection', entry } };
}
