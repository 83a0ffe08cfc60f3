import type { ClinicalForm } from './ClinicalForm.ts';
import type { FormFault, FormField, FormValues } from './FormField.ts';
import { readFormValue } from './readFormValue.ts';

/**
 * Reads the fields of a form, each by itself.
 *
 * @param form - Its fields.
 * @param values - As they were typed; a field that the form does not have is a fault.
 * @param at - The moment, Unix seconds.
 */
export function readFields(
  form: Pick<ClinicalForm, 'fields'>,
  values: FormValues,
  at: number,
): { readonly read: FormValues; readonly faults: readonly FormFault[] } {
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
    const value = isThere ? readFormValue(field, text, at) : ({ fault: 'unfit' } as const);
    if (typeof value === 'string') read[field.name] = value;
    else faults.push({ field: field.name, ...value });
  }
  const others = Object.keys(values).filter(
    (each) => !form.fields.some((field) => field.name === each),
  );
  faults.push(...others.map((field) => ({ field, fault: 'unfit' }) as FormFault));
  return { read, faults };
}

/**
 * Tells whether a field is there, by the value of the field that it depends on.
 *
 * @param form - Its form.
 * @param field - The field.
 * @param values - As they were typed.
 */
export function hasField(
  { fields }: Pick<ClinicalForm, 'fields'>,
  { only }: Pick<FormField, 'only'>,
  values: FormValues,
): boolean {
  if (only === undefined) return true;
  const [name, wanted] = only;
  const other = fields.find((each) => each.name === name);
  const first = other?.type === 'choice' ? other.first : undefined;
  return (values[name]?.trim() || first) === wanted;
}
