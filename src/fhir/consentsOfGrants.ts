import type { Bundle, Consent } from '@medplum/fhirtypes';
import type { Bytes32, Organisation } from '../protocol/ids.ts';
import type { Grant } from '../protocol/struct/requests.ts';
import { collectionOf } from './collectionOf.ts';
import { consentOfGrant } from './consentOfGrant.ts';

/** A grant as `listGrants` lists it. */
export interface GrantFound {
  readonly digest: Bytes32;
  /** Absent if no device of the patient knows it. */
  readonly grant?: Grant;
  readonly state: string;
}

/** A patient's grants in FHIR's form. */
export interface ConsentsWritten {
  /** A Consent for each grant. */
  readonly bundle: Bundle<Consent>;
  /** Grants that no device of the patient knows, and that the bundle leaves out. */
  readonly unknown: readonly Bytes32[];
}

/**
 * Writes the grants on a patient's chart as FHIR R4 Consents. They tell in the clear who may see what: they are for the
 * patient, and for those whom the patient hands them to.
 *
 * @param listed - The grants, as `listGrants` lists them.
 * @param organisation - Organisation that keeps the chart for the patient.
 */
export function consentsOfGrants(
  listed: readonly GrantFound[],
  organisation: Organisation,
): ConsentsWritten {
  const consents = listed.flatMap(({ digest, grant, state }) => {
    const holds = state === 'holds' || state === 'coming';
    const told = grant && consentOfGrant({ grant, digest, holds, organisation });
    return told === undefined ? [] : [{ hash: digest, resource: told }];
  });
  return {
    bundle: collectionOf(consents),
    unknown: listed.flatMap(({ digest, grant }) => (grant === undefined ? [digest] : [])),
  };
}
