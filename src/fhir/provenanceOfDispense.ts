import type { MedicationDispense, Provenance } from '@medplum/fhirtypes';
import type { Base64 } from '../protocol/evidence/evidence.ts';
import type { Address } from '../protocol/ids.ts';
import { makeProvenance } from './makeProvenance.ts';
import { MEDSEAL_SYSTEMS } from './medsealSystems.ts';

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
  return {
    ...made,
    signature: [
      {
        type: [{ system: 'urn:iso-astm:E1762-95:2013', code: '1.2.840.10065.1.12.1.1' }],
        when: made.recorded ?? '',
        who: { identifier: { system: MEDSEAL_SYSTEMS.party, value: pharmacist } },
        sigFormat: 'application/json',
        data: signed,
      },
    ],
  };
}
