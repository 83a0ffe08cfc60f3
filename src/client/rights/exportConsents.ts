import type { Bundle, Consent } from '@medplum/fhirtypes';
import type { Bytes32 } from '../../protocol/ids.ts';
import { consentOfGrant } from '../../fhir/consentOfGrant.ts';
import type { Party } from '../party/Party.ts';
import { listGrants } from './listGrants.ts';

/** A patient's grants in FHIR's form. */
export interface ConsentsExported {
  /** A Consent for each grant. */
  readonly bundle: Bundle<Consent>;
  /** Grants that no device of the patient knows, and that the bundle leaves out. */
  readonly unknown: readonly Bytes32[];
}

/**
 * Writes the grants on a patient's chart that have not been ended as FHIR R4 Consents, as k coordinators confirm them.
 * They tell in the clear who may see what: they are for the patient, and for those whom the patient hands them to.
 *
 * @param party - The patient.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `KEY_UNAUTHENTIC`.
 * @example
 * ```ts
 * const { bundle, unknown } = await exportConsents(patient);
 * console.log(`${bundle.entry?.length ?? 0} Consents, ${unknown.length} left out`);
 * ```
 */
export async function exportConsents(party: Party): Promise<ConsentsExported> {
  const listed = await listGrants(party);
  const [, organisation = ''] = party.log.split('/');
  const consents = listed.flatMap(({ digest, grant, state }) => {
    const holds = state === 'holds' || state === 'coming';
    return grant === undefined ? [] : [consentOfGrant({ grant, digest, holds, organisation })];
  });
  const entry = consents.map((resource) => ({ resource }));
  return {
    bundle: { resourceType: 'Bundle', type: 'collection', ...(entry.length > 0 && { entry }) },
    unknown: listed.flatMap(({ digest, grant }) => (grant === undefined ? [digest] : [])),
  };
}
