import type { MedicationRequest } from '@medplum/fhirtypes';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { fieldOf, listOf } from '../../../fhir/fieldOf.ts';
import { ListOf, OneOf, SIGNATURE } from '../../../protocol/wire/findShapeError.ts';
import { parseJsonOf } from '../../../protocol/wire/parseJsonOf.ts';
import { ACKNOWLEDGEMENT } from '../../../protocol/shapes/acknowledgementShape.ts';
import { messageShape, signedShape } from '../../../protocol/shapes/messageShape.ts';
import { digestOf } from '../../../protocol/struct/signing.ts';
import type { Bytes32 } from '../../../protocol/ids.ts';
import { succeeds } from '../../../protocol/wire/succeeds.ts';
import type { Party } from '../../party/Party.ts';
import type { PrescriptionSigned } from './PrescriptionSigned.ts';
import { contentHash } from './prescriptionRecord.ts';

const FORMAT = 'medseal-prescription/1';

const FILE = {
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

/** The file in which a prescription goes from its prescriber to the second doctor and back. */
export interface PrescriptionFile extends Pick<PrescriptionSigned, 'submission' | 'order'> {
  readonly format: typeof FORMAT;
}

/**
 * Makes the content of the file in which a signed prescription waits for the other signature.
 *
 * @param signed - The prescription.
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * await writeFile('prescription.json', JSON.stringify(prescriptionFileOf(signed)));
 * ```
 */
export function prescriptionFileOf({
  submission,
  order,
}: Pick<PrescriptionSigned, 'submission' | 'order'>): PrescriptionFile {
  return { format: FORMAT, submission, order };
}

/**
 * Reads such a file, with the order that the prescriber signed: a second doctor reads its directions before signing too.
 *
 * @param party - Its prescriber, or the second doctor.
 * @param text - The file, not trusted.
 * @param argument - Name of the file, for messages.
 * @throws MedsealError `ARGUMENT_INVALID` if it is malformed, or the order is not the one whose hash is signed.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * const text = await readFile('prescription.json', 'utf8');
 * const given = parsePrescriptionFile(colleague, text);
 * console.log(directionsIn(given.order));
 * const cosignature = signBeside(colleague, given.message);
 * ```
 */
export function parsePrescriptionFile(
  party: Party,
  text: string,
  argument = 'text',
): PrescriptionSigned {
  const invalid = (reason: string): MedsealError =>
    new MedsealError('ARGUMENT_INVALID', { argument, reason });
  const { submission, order } = parseJsonOf(FILE, text, () =>
    invalid('it is not a prescription that waits for a second doctor'),
  );
  const { message } = submission.request;
  if (!isSignedOrder(party, order, message.terms.content)) {
    throw invalid('its order is not the one that the prescriber signed');
  }
  const digest = digestOf(party, 'Prescription', message);
  return { digest, message, order: order as MedicationRequest, submission };
}

/**
 * Returns the directions of an order, as its prescriber wrote them.
 *
 * @param order - The MedicationRequest, whose hash was compared; its prescriber may have signed any JSON.
 * @example
 * ```ts
 * console.log(`Take it so: ${directionsIn(signed.order)}`);
 * console.log(`prescription ${signed.digest}`);
 * ```
 */
export function directionsIn(order: object): string {
  return listOf(fieldOf(order, 'dosageInstruction'))
    .map((each) => fieldOf(each, 'text'))
    .filter((text) => typeof text === 'string')
    .join('; ');
}

function isSignedOrder({ primitives }: Party, order: unknown, content: Bytes32): boolean {
  if (fieldOf(order, 'resourceType') !== 'MedicationRequest') return false;
  return succeeds(() => contentHash(primitives, order as object) === content);
}
