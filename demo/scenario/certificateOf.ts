import type { Composition, Patient, Reference } from '@medplum/fhirtypes';
import { BIRTH_CERTIFICATES, DEATH_CERTIFICATES } from '../../src/fhir/certificateCodes.ts';
import { encodePart } from '../../src/fhir/encodePart.ts';
import { requireProfile } from '../../src/fhir/requireProfile.ts';
import type { Address, Handle, Hex } from '../../src/protocol/ids.ts';

/** Content of a certificate. */
export interface Certified {
  readonly what: 'birth' | 'death';
  /** The person. */
  readonly handle: Handle;
  /** The doctor or registrar who writes it. */
  readonly author: Address;
  /** Time of birth or death, Unix seconds. */
  readonly at: number;
}

/**
 * The content of a birth or death certificate: a FHIR Composition of the profile of its type, and the Patient.
 *
 * @param certified - Person, author and time.
 * @param set - 16 random bytes.
 */
export function certificateOf({ what, handle, author, at }: Certified, set: Hex): Uint8Array {
  const moment = new Date(at * 1000).toISOString();
  const [[code], title, said] =
    what === 'birth'
      ? ([BIRTH_CERTIFICATES, 'Birth certificate', { birthDate: moment.slice(0, 10) }] as const)
      : ([DEATH_CERTIFICATES, 'Death certificate', { deceasedDateTime: moment }] as const);
  const subject: Reference<Patient> = {
    identifier: { system: 'urn:medseal:handle', value: handle },
  };
  const composition: Composition = {
    resourceType: 'Composition',
    status: 'final',
    type: { coding: [{ system: 'http://loinc.org', code }] },
    subject,
    date: moment,
    author: [{ identifier: { system: 'urn:medseal:party', value: author } }],
    title,
  };
  const person: Patient = {
    resourceType: 'Patient',
    identifier: [{ ...subject.identifier }],
    ...said,
  };
  const entries = [{ resource: composition }, { resource: person }];
  requireProfile(what, entries);
  return encodePart({
    format: 'medseal-part/1',
    set,
    part: 0,
    category: 'vital-records',
    whole: {
      bundle: { resourceType: 'Bundle', type: 'collection' },
      by: 'category',
      order: [0, 0],
    },
    entries,
  });
}
