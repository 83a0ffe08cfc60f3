import type { MedicationRequest } from '@medplum/fhirtypes';
import type { Primitives } from '../../../crypto/Primitives.ts';
import { canonicalHash } from '../../../protocol/wire/canonicalHash.ts';
import { canonicalJson } from '../../../protocol/wire/canonicalJson.ts';
import type { Base64 } from '../../../protocol/evidence/evidence.ts';
import type { Bytes32, Handle, RecordId } from '../../../protocol/ids.ts';
import { parseMessage } from '../../../protocol/struct/parseSigned.ts';
import type { Prescription } from '../../../protocol/care/prescriptions.ts';

/** Extension of a MedicationRequest that holds its signed prescription. */
export const PRESCRIPTION_EXTENSION = 'urn:medseal:prescription';

/** A prescription as the record of its MedicationRequest has it. */
export interface PrescriptionRecord {
  /** The MedicationRequest, as a pharmacist gets it. */
  readonly request: MedicationRequest;
  readonly message: Prescription;
  /** Secret of the first holder's key, sealed to the patient alone. */
  readonly sealedKey: Base64;
}

/**
 * The resource that goes to the chart: the MedicationRequest with what only the chart's patient and the prescriber need
 * beside it, in an extension. Other readers of medications read the prescription, and cannot show it.
 *
 * @param written - MedicationRequest, prescription, sealed key. The id of the record does not matter: it is not written.
 */
export function recordOfPrescription({
  request,
  message,
  sealedKey,
}: PrescriptionRecord): MedicationRequest {
  const { terms, ...others } = message;
  const { medicine, code, unit, controlled, salt } = terms;
  const said = { ...others, terms: { medicine, code, unit, controlled, salt } };
  const valueString = canonicalJson({ message: said, key: sealedKey });
  return { ...request, extension: [{ url: PRESCRIPTION_EXTENSION, valueString }] };
}

/**
 * Parses such a resource.
 *
 * @param primitives - SHA-256.
 * @param place - Chart and record that it was read from.
 * @param resource - Not trusted: the prescription counts once the ledger knows its digest.
 * @returns Undefined if it is not a prescription.
 */
export function prescriptionIn(
  primitives: Pick<Primitives, 'sha256'>,
  { handle, record }: { readonly handle: Handle; readonly record: RecordId },
  resource: unknown,
): PrescriptionRecord | undefined {
  const { extension, ...request } = (resource ?? {}) as Partial<MedicationRequest>;
  if (request.resourceType !== 'MedicationRequest' || !Array.isArray(extension)) return undefined;
  const said = extension.find((each) => each?.url === PRESCRIPTION_EXTENSION)?.valueString;
  try {
    const { message, key } = JSON.parse(String(said)) as Record<string, unknown>;
    const { terms, ...others } = message as { readonly terms: object };
    const content = contentHash(primitives, request);
    const whole = { ...others, terms: { handle, record, content, ...terms } };
    if (typeof key !== 'string') return undefined;
    return {
      request: request as MedicationRequest,
      message: parseMessage('Prescription', whole),
      sealedKey: key,
    };
  } catch {
    return undefined;
  }
}

/**
 * Returns the hash by which a prescription or a dispense names its FHIR resource.
 *
 * @param primitives - SHA-256.
 * @param resource - The resource, without extensions.
 */
export function contentHash(primitives: Pick<Primitives, 'sha256'>, resource: object): Bytes32 {
  return canonicalHash(primitives, resource);
}

/**
 * Returns the code of a medicine as the terms of its prescription have it: system, `|`, code, as FHIR writes a token;
 * empty if it has none.
 *
 * @param request - The MedicationRequest.
 */
export function codeOfRequest({
  medicationCodeableConcept,
}: Pick<MedicationRequest, 'medicationCodeableConcept'>): string {
  const [coding] = medicationCodeableConcept?.coding ?? [];
  return coding === undefined ? '' : `${coding.system ?? ''}|${coding.code ?? ''}`;
}

/**
 * Returns the prescription as it names its record.
 *
 * @param message - The prescription, before its record has an id.
 * @param record - The record.
 */
export function withRecord({ terms, ...others }: Prescription, record: RecordId): Prescription {
  return { ...others, terms: { ...terms, record } };
}
