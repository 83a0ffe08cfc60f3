import { MedsealError } from '../../errors/MedsealError.ts';
import { faultInWords } from '../forms/faultInWords.ts';
import type { FormFault, FormValues } from '../forms/FormField.ts';
import { readFields } from '../forms/readFields.ts';
import { DOSE_FIELDS } from './doseFields.ts';

/** A structured dose that was read, in the form that FHIR has; or its faults. */
export interface DoseRead {
  readonly read: FormValues;
  readonly faults: readonly FormFault[];
}

/**
 * Reads a structured dose as somebody typed it, and finds what is wrong with it.
 *
 * @param values - Its fields as texts; `DOSE_FIELDS` says what each takes.
 * @returns The values, and the faults in the order of the fields; the values are whole if there are no faults.
 * @example
 * ```ts
 * const { faults } = readDose({ amount: '0', unit: 'capsule', times: '3' });
 * for (const { field, fault } of faults) console.log(`${field}: ${fault}`);
 * ```
 */
export function readDose(values: FormValues): DoseRead {
  // None of its fields is a date.
  const { read, faults } = readFields({ fields: DOSE_FIELDS }, values, 0);
  const { amount } = read;
  // FHIR's numbers do not keep a zero at the end.
  return { read: { ...read, ...(amount && { amount: String(Number(amount)) }) }, faults };
}

/**
 * Returns a structured dose in the form that FHIR has.
 *
 * @param values - Its fields as texts; `DOSE_FIELDS` says what each takes.
 * @throws MedsealError `ARGUMENT_INVALID` with the name of the first field that is wrong, such as `dose.amount`.
 */
export function requireDose(values: FormValues): FormValues {
  const { read, faults } = readDose(values);
  const [fault] = faults;
  if (fault === undefined) return read;
  throw new MedsealError('ARGUMENT_INVALID', {
    argument: `dose.${fault.field}`,
    reason: faultInWords(fault),
  });
}
