import type { MedicationRequest } from '@medplum/fhirtypes';
import { MedsealError } from '../../errors/MedsealError.ts';
import { fieldOf } from '../../fhir/fieldOf.ts';
import { ListOf, OneOf, SIGNATURE } from '../../protocol/findShapeError.ts';
import type { Of } from '../../protocol/Of.ts';
import { ACKNOWLEDGEMENT } from '../../protocol/shapes/acknowledgementShape.ts';
import { messageShape, signedShape } from '../../protocol/shapes/messageShape.ts';
import { digestOf } from '../../protocol/signing.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { succeeds } from '../../protocol/succeeds.ts';
import type { Party } from '../party/Party.ts';
import type { PrescriptionSigned } from './issuePrescription.ts';
import { contentHash } from './prescriptionRecord.ts';

const FORMAT = 'medseal-prescription/1';

/** The file in which a prescription goes from its prescriber to the second doctor and back. */
export const PRESCRIPTION_FILE = {
  format: new OneOf(FORMAT),
  /** The MedicationRequest. */
  order: 'any',
  submission: {
    request: signedShape('Prescription'),
    'written?': ACKNOWLEDGEMENT,
    'cosignature?': SIGNATURE,
    'openings?': new ListOf(messageShape('Grant'), 1),
  },
} as const;

/** The file, as it is written. */
type PrescriptionFile = Pick<PrescriptionSigned, 'submission' | 'order'> & {
  readonly format: typeof FORMAT;
};

/**
 * Returns the file in which a signed prescription waits for the other signature.
 *
 * @param signed - The prescription.
 */
export function fileOfPrescription({
  submission,
  order,
}: Pick<PrescriptionSigned, 'submission' | 'order'>): PrescriptionFile {
  return { format: FORMAT, submission, order };
}

/**
 * Returns the prescription that a file holds, with the order that the prescriber signed: a second doctor reads its
 * directions before signing too.
 *
 * @param party - Its prescriber, or the second doctor.
 * @param file - The file, not trusted.
 * @throws MedsealError `ARGUMENT_INVALID` if the order is not the one whose hash is signed.
 */
export function prescriptionInFile(
  party: Party,
  { submission, order }: Of<typeof PRESCRIPTION_FILE>,
): PrescriptionSigned {
  const { message } = submission.request;
  if (!isSignedOrder(party, order, message.terms.content)) {
    const reason = 'its order is not the one that the prescriber signed';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'file', reason });
  }
  const digest = digestOf(party, 'Prescription', message);
  return { digest, message, order: order as MedicationRequest, submission };
}

/**
 * Returns the directions of an order, as its prescriber wrote them.
 *
 * @param order - The MedicationRequest, whose hash was compared.
 */
export function directionsIn({ dosageInstruction = [] }: MedicationRequest): string {
  return dosageInstruction.map(({ text = '' }) => text).join('; ');
}

function isSignedOrder({ primitives }: Party, order: unknown, content: Bytes32): boolean {
  if (fieldOf(order, 'resourceType') !== 'MedicationRequest') return false;
  return succeeds(() => contentHash(primitives, order as object) === content);
}
