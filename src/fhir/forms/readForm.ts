import type { Bundle } from '@medplum/fhirtypes';
import type { ClinicalForm, FormContext } from './ClinicalForm.ts';
import { CLINICAL_FORMS } from './clinicalForms.ts';
import type { FormName } from './formNames.ts';
import type { FormFault, FormField, FormValues } from './FormField.ts';
import { readFormValue } from './readFormValue.ts';

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
  const read: Record<string, string> = {};
  const faults: FormFault[] = [];
  for (const field of form.fields) {
    const text = values[field.name]?.trim() ?? '';
    const isThere = hasField(form, field, values);
    const usual = field.type === 'choice' ? field.first : undefined;
    if (text === '' && isThere && field.required === true) {
      faults.push({ field: field.name, fault: 'missing' });
    }
    if (text === '' && isThere && usual !== undefined) read[field.name] = usual;
    if (text === '') continue;
    const value = isThere ? readFormValue(field, text, context.at) : ({ fault: 'unfit' } as const);
    if (typeof value === 'string') read[field.name] = value;
    else faults.push({ field: field.name, ...value });
  }
  const others = Object.keys(values).filter(
    (each) => !form.fields.some((field) => field.name === each),
  );
  faults.push(...others.map((field) => ({ field, fault: 'unfit' }) as FormFault));
  const between = faults.length === 0 ? form.check?.(read) : undefined;
  if (between !== undefined) faults.push(between);
  const [first, ...more] = faults;
  if (first !== undefined) return { faults: [first, ...more] };
  const entry = form.make(read, context).map((resource) => ({ resource }));
  return { faults: [], read, bundle: { resourceType: 'Bundle', type: 'collection', entry } };
}

/**
 * Tells whether a field is there, by the value of the field that it depends on.
 *
 * @param form - Its form.
 * @param field - The field.
 * @param values - As they were typed.
 */
export function hasField(
  { fields }: ClinicalForm,
  { only }: Pick<FormField, 'only'>,
  values: FormValues,
): boolean {
  if (only === undefined) return true;
  const [name, wanted] = only;
  const other = fields.find((each) => each.name === name);
  const first = other?.type === 'choice' ? other.first : undefined;
  return (values[name]?.trim() || first) === wanted;
}
