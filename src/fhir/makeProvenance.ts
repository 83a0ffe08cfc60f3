import type { BundleEntry, Provenance, Reference } from '@medplum/fhirtypes';
import type { Address } from '../protocol/ids.ts';
import type { Purpose } from '../protocol/vocabulary.ts';
import { MEDSEAL_SYSTEMS } from './medsealSystems.ts';

/** Author, time and reason of a change to a bundle. */
export interface Amendment {
  readonly party: Address;
  /** When, in Unix seconds. */
  readonly at: number;
  readonly purpose: Purpose;
}

/**
 * A FHIR R4 Provenance of a change to some entries. It is for people and FHIR software; what proves the change is the
 * signed entry of the log.
 *
 * @param amendment - Author, time and reason of the change.
 * @param activity - Kind of change, as a code of v3-DataOperation.
 * @param entries - The entries that were changed; at least one.
 */
export function makeProvenance(
  { party, at, purpose }: Amendment,
  activity: 'CREATE' | 'UPDATE' | 'NULLIFY',
  entries: readonly BundleEntry[],
): Provenance {
  return {
    resourceType: 'Provenance',
    target: entries.map(referenceTo),
    recorded: new Date(at * 1000).toISOString(),
    activity: { coding: [{ system: `${V3}/v3-DataOperation`, code: activity }] },
    reason: [{ coding: [{ system: `${V3}/v3-ActReason`, code: purpose }] }],
    agent: [{ who: { identifier: { system: MEDSEAL_SYSTEMS.party, value: party } } }],
  };
}

const V3 = 'http://terminology.hl7.org/CodeSystem';

function referenceTo({ fullUrl, resource }: BundleEntry): Reference {
  if (fullUrl !== undefined) return { reference: fullUrl };
  if (resource?.id !== undefined) return { reference: `${resource.resourceType}/${resource.id}` };
  return { display: 'an entry without address' };
}
