import type { Dispense } from '../../protocol/prescriptions.ts';

/** A dispense as a pharmacist tells the patient of it in a letter. */
export interface DispenseTold {
  readonly message: Dispense;
  /** The MedicationDispense, whose hash the message names. */
  readonly resource: object;
}
