import { BEGIN, type Care } from '../../../../node/test/testNetwork.ts';
import type { NewPrescription } from '../NewPrescription.ts';

/**
 * Returns an order of a medicine for the patient of a test.
 *
 * @param care - The patient and the doctor's right.
 * @param change - Parts that differ.
 */
export function sampleOrder(
  { handle, right }: Pick<Care, 'handle' | 'right'>,
  change: Partial<NewPrescription> = {},
): NewPrescription {
  return {
    handle,
    grant: right.grant,
    purpose: 'TREAT',
    medicine: 'Amoxicillin 500 mg capsules',
    unit: 'capsule',
    dosage: 'One capsule three times a day',
    amount: 21,
    fills: 1,
    interval: 0,
    from: BEGIN,
    until: BEGIN + 86_400,
    ...change,
  };
}
