import type { Hex } from '../../protocol/ids.ts';
import type { Prescription } from '../../protocol/care/prescriptions.ts';
import type { Signed } from '../../protocol/struct/requests.ts';

/** A dispense as a pharmacist tells the patient of it in a letter. */
export interface DispenseTold {
  /** The dispense, with the pharmacist's signature. */
  readonly request: Signed<'Dispense'>;
  /** Signature of the key of the slip that the patient showed. */
  readonly cosignature: Hex;
  /** The prescription that the slip held, and its MedicationRequest. */
  readonly prescription: Prescription;
  readonly order: object;
  /** The MedicationDispense, whose hash the dispense names. */
  readonly resource: object;
}
