import { SIGNATURE } from '../../protocol/wire/findShapeError.ts';
import type { Hex } from '../../protocol/ids.ts';
import type { Prescription } from '../../protocol/care/prescriptions.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { messageShape, signedShape } from '../../protocol/shapes/messageShape.ts';
import { RESOURCE } from '../../protocol/shapes/resourceShape.ts';
import { shapeOfType } from '../../protocol/shapes/shapeOfType.ts';

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

/** Shape of a `DispenseTold`. */
export const DISPENSE_TOLD = shapeOfType<DispenseTold>('DispenseTold')({
  request: signedShape('Dispense'),
  cosignature: SIGNATURE,
  prescription: messageShape('Prescription'),
  order: RESOURCE,
  resource: RESOURCE,
});
