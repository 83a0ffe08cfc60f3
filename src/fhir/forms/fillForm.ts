import type { Bundle } from '@medplum/fhirtypes';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { FormContext } from './ClinicalForm.ts';
import type { FormName } from './formNames.ts';
import { faultInWords } from './faultInWords.ts';
import type { FormValues } from './FormField.ts';
import { readForm } from './readForm.ts';

/**
 * Makes the FHIR R4 resources of a clinical form, as a collection that `validateBundle` takes and `addBundle` of
 * `medseal/client` puts on a chart.
 *
 * @param name - The form.
 * @param values - Its fields as texts; `CLINICAL_FORMS` says what each takes.
 * @param context - The chart, and the moment.
 * @throws MedsealError `ARGUMENT_INVALID` with the name of the first field that is wrong.
 * @example
 * ```ts
 * const at = Math.floor(Date.now() / 1000);
 * const bundle = fillForm('allergy', { substance: 'Penicillin', criticality: 'high' }, { handle, author: doctor.address, at });
 * const valid = createValidator(loadFhirDefinitions()).validateBundle(bundle);
 * await addBundle(doctor, { handle, bundle: valid, purpose: 'TREAT', grant });
 * ```
 */
export function fillForm(name: FormName, values: FormValues, context: FormContext): Bundle {
  const read = readForm(name, values, context);
  if (read.bundle !== undefined) return read.bundle;
  const [fault] = read.faults;
  throw new MedsealError('ARGUMENT_INVALID', {
    argument: fault.field,
    reason: faultInWords(fault),
  });
}
