import type { MedicationDispense, Provenance } from '@medplum/fhirtypes';
import type { Base64 } from '../protocol/evidence/evidence.ts';
import type { Address } from '../protocol/ids.ts';
import { authorSignature, makeProvenance } from './makeProvenance.ts';

/** The signatures by which a dispense is proven, as its Provenance holds them. */
export interface DispenseSigned {
  readonly pharmacist: Address;
  /** When it was handed over, Unix seconds. */
  readonly at: number;
  /** Canonical JSON of the `Dispense` as the pharmacist signed it, with the signature of the slip's key. */
  readonly signed: Base64;
}

/**
 * A FHIR R4 Provenance that names the pharmacist of a dispense, whoever puts it on the chart, and holds both signatures.
 *
 * @param resource - The MedicationDispense.
 * @param signed - Pharmacist, time and signatures.
 */
export function provenanceOfDispense(
  resource: MedicationDispense,
  { pharmacist, at, signed }: DispenseSigned,
): Provenance {
  const made = makeProvenance({ party: pharmacist, at, purpose: 'TREAT' }, 'CREATE', [
    { resource },
  ]);
  return { ...made, signature: [authorSignature(pharmacist, at, signed)] };
}
