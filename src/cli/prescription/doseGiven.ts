import { MedsealError } from '../../errors/MedsealError.ts';
import { visibleText } from '../../errors/visibleText.ts';
import { DOSE_FIELDS } from '../../fhir/dose/doseFields.ts';
import { requireDose } from '../../fhir/dose/readDose.ts';
import type { FormValues } from '../../fhir/forms/FormField.ts';
import { fieldsInWords } from '../record/formInWords.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { PRESCRIPTION_ISSUE } from './prescriptionOptions.ts';

/** Most characters of the name of a field in an error. */
const LONGEST_NAME = 40;

/**
 * Reads the structured dose of `medseal prescription issue`, in the unit that is dispensed unless it names another.
 *
 * @param options - The options of the verb.
 * @returns Undefined without `--dose`.
 * @throws MedsealError `ARGUMENT_INVALID` with the field that is wrong; without directions at all.
 */
export function doseGiven({
  dose,
  dosage,
  unit,
}: Pick<OptionsOf<typeof PRESCRIPTION_ISSUE>, 'dose' | 'dosage' | 'unit'>): FormValues | undefined {
  if (dose === undefined) {
    if (dosage === undefined) throw wrong('--dosage', 'give --dose, --dosage or both');
    return undefined;
  }
  const values = new Map<string, string>();
  for (const [name, text] of dose) {
    const argument = `--dose ${visibleText(name, LONGEST_NAME)}`;
    if (values.has(name)) throw wrong(argument, 'it was given twice');
    if (DOSE_FIELDS.every((field) => field.name !== name)) {
      throw wrong(argument, `the fields of a dose are ${fieldsInWords(DOSE_FIELDS)}`);
    }
    values.set(name, text);
  }
  return requireDose({ unit, ...Object.fromEntries(values) });
}

function wrong(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
