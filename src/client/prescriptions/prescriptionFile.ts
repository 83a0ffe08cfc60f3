import { ListOf, OneOf, SIGNATURE } from '../../protocol/findShapeError.ts';
import type { Of } from '../../protocol/Of.ts';
import { ACKNOWLEDGEMENT } from '../../protocol/shapes/acknowledgementShape.ts';
import { messageShape, signedShape } from '../../protocol/shapes/messageShape.ts';
import { digestOf } from '../../protocol/signing.ts';
import type { Party } from '../party/Party.ts';
import type { PrescriptionSigned } from './issuePrescription.ts';

const FORMAT = 'medseal-prescription/1';

/** The file in which a prescription goes from its prescriber to the second doctor and back. */
export const PRESCRIPTION_FILE = {
  format: new OneOf(FORMAT),
  submission: {
    request: signedShape('Prescription'),
    'written?': ACKNOWLEDGEMENT,
    'cosignature?': SIGNATURE,
    'openings?': new ListOf(messageShape('Grant'), 1),
  },
} as const;

/**
 * Returns the file in which a signed prescription waits for the other signature.
 *
 * @param signed - The prescription.
 */
export function fileOfPrescription({ submission }: Pick<PrescriptionSigned, 'submission'>): Pick<
  PrescriptionSigned,
  'submission'
> & {
  readonly format: typeof FORMAT;
} {
  return { format: FORMAT, submission };
}

/**
 * Returns the prescription that a file holds.
 *
 * @param party - Its prescriber, or the second doctor.
 * @param file - The file, not trusted.
 */
export function prescriptionInFile(
  party: Party,
  { submission }: Of<typeof PRESCRIPTION_FILE>,
): PrescriptionSigned {
  const { message } = submission.request;
  return { digest: digestOf(party, 'Prescription', message), message, submission };
}
