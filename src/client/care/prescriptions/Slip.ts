import type { MedicationRequest } from '@medplum/fhirtypes';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { BYTES32, MapOf, OneOf } from '../../../protocol/wire/findShapeError.ts';
import type { Bytes32, Hex } from '../../../protocol/ids.ts';
import { isOfShape } from '../../../protocol/wire/isOfShape.ts';
import type { Prescription } from '../../../protocol/care/prescriptions.ts';
import { messageShape } from '../../../protocol/shapes/messageShape.ts';
import { networkOnCard } from '../../party/confirmContact.ts';
import type { Party } from '../../party/Party.ts';

/** Characters of a slip, at most. */
const MOST_SLIP = 16_384;

/** Whom a slip is of, if the patient chose to say it, so that a pharmacist can ask the person for both. */
export interface SlipPerson {
  /** Name in 120 characters at most. */
  readonly name: string;
  /** Birth date, such as `1961-02-03`. */
  readonly born?: string;
}

/**
 * A prescription as a patient shows it to a pharmacy, by itself: its words, and the secret of the key that
 * dispenses. It is not sealed: whoever has it can read it, and a pharmacist can dispense it. Only the holder's key, which is in no
 * slip, gives the prescription other keys.
 */
export interface Slip {
  readonly format: 'medseal-slip/1';
  /** The first 8 bytes of the network's id. */
  readonly network: Hex;
  readonly prescription: Prescription;
  /** The MedicationRequest that the prescription's terms name. */
  readonly request: MedicationRequest;
  /** Secret of the slip's key, 32 bytes. */
  readonly key: Bytes32;
  /** Stated by whoever shows it, and signed by nobody. It is in the slip alone: neither the ledger nor a node gets it. */
  readonly person?: SlipPerson;
}

const SLIP = {
  format: new OneOf('medseal-slip/1'),
  network: /^0x[0-9a-f]{16}$/,
  prescription: messageShape('Prescription'),
  request: new MapOf(/^[A-Za-z]{1,64}$/, 'any'),
  key: BYTES32,
  'person?': { name: /^[^\n]{1,120}$/, 'born?': /^\d{4}-\d\d-\d\d$/ },
} as const;

/**
 * Makes the slip of a prescription.
 *
 * @param party - The patient.
 * @param shown - Prescription and key.
 */
export function makeSlip(
  { network }: Pick<Party, 'network'>,
  { message, request, key }: { readonly message: Prescription } & Pick<Slip, 'request' | 'key'>,
): Slip {
  return {
    format: 'medseal-slip/1',
    network: networkOnCard(network),
    prescription: message,
    request,
    key,
  };
}

/**
 * A slip as text, for a QR code, a file or a letter.
 *
 * @param slip - The slip.
 * @example
 * ```ts
 * const [shown] = (await readPrescriptions(patient, chart)).prescriptions;
 * const person = { name: 'Ana Ferreira', born: '1961-02-03' };
 * if (shown?.slip !== undefined) console.log(formatSlip({ ...shown.slip, person }));
 * ```
 */
export function formatSlip(slip: Slip): string {
  return JSON.stringify(slip);
}

/**
 * Parses a slip from outside: exactly its fields. Its words count once the ledger confirms them, see `readSlip`.
 *
 * @param text - Text that was scanned, pasted or read from a file.
 * @throws MedsealError `SLIP_INVALID`.
 * @example
 * ```ts
 * const slip = parseSlip(prompt('Paste the prescription') ?? '');
 * console.log(slip.prescription.terms.medicine);
 * ```
 */
export function parseSlip(text: string): Slip {
  if (text.length > MOST_SLIP) throw invalid('it is too long');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('it is not JSON, or letters are missing');
  }
  if (!isOfShape(SLIP, value)) throw invalid('it is malformed');
  const { request } = value;
  if (request['resourceType'] !== 'MedicationRequest') {
    throw invalid('it holds no MedicationRequest');
  }
  return value as unknown as Slip;
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SLIP_INVALID', { reason });
}
