import { DOSE_FIELDS } from '../../../../src/fhir/dose/doseFields.ts';
import { readDose, type DoseRead } from '../../../../src/fhir/dose/readDose.ts';
import type { FormFieldName } from '../../../../src/fhir/forms/FormField.ts';
import { hasField } from '../../../../src/fhir/forms/readFields.ts';

/** The fields of a structured dose as they are typed, each empty at first. */
export type DoseTyped = Readonly<Record<string, string>>;

/** A dose that nobody has typed. */
export const NO_DOSE: DoseTyped = Object.fromEntries(DOSE_FIELDS.map(({ name }) => [name, '']));

/**
 * Reads a structured dose from a form. Fields that the form does not show any more are left out, and a dose without a unit has
 * that of the amount.
 *
 * @param typed - The fields.
 * @param unit - Unit that is dispensed.
 * @returns Undefined if no dose was typed.
 */
export function doseTyped(typed: DoseTyped, unit: string): DoseRead | undefined {
  if (Object.values(typed).every((text) => text.trim() === '')) return undefined;
  const shown = DOSE_FIELDS.filter((field) => hasField({ fields: DOSE_FIELDS }, field, typed));
  const values = shown.map(({ name }): [FormFieldName, string] => [name, typed[name] ?? '']);
  return readDose({ ...Object.fromEntries(values), unit: typed['unit']?.trim() || unit });
}
