import type { MedicationDispense, MedicationRequest } from '@medplum/fhirtypes';
import type { Address, Bytes32 } from '../protocol/ids.ts';

/** A dispense as its FHIR resource tells of it. */
export interface MedicineDispensed {
  /** Digest of the prescription. */
  readonly prescription: Bytes32;
  readonly pharmacist: Address;
  /** Whole number of the prescription's units. */
  readonly amount: number;
  /** Words of the pharmacist, such as product and lot; 1,000 characters at most. */
  readonly note?: string;
  /** When it was handed over, Unix seconds. */
  readonly at: number;
}

/**
 * A FHIR R4 MedicationDispense for a prescription.
 *
 * @param request - The prescription's MedicationRequest.
 * @param dispensed - Amount, pharmacist and time.
 */
export function makeMedicationDispense(
  request: MedicationRequest,
  { prescription, pharmacist, amount, note, at }: MedicineDispensed,
): MedicationDispense {
  const { medicationCodeableConcept, subject, dosageInstruction, dispenseRequest } = request;
  const unit = dispenseRequest?.quantity?.unit;
  return {
    resourceType: 'MedicationDispense',
    status: 'completed',
    ...(medicationCodeableConcept && { medicationCodeableConcept }),
    ...(subject && { subject }),
    performer: [{ actor: { identifier: { system: 'urn:medseal:party', value: pharmacist } } }],
    authorizingPrescription: [
      { identifier: { system: 'urn:medseal:prescription', value: prescription } },
    ],
    quantity: { value: amount, ...(unit !== undefined && { unit }) },
    whenHandedOver: new Date(at * 1000).toISOString(),
    ...(note !== undefined && { note: [{ text: note }] }),
    ...(dosageInstruction && { dosageInstruction }),
  };
}
