import type { BundleEntry, Provenance, Reference, Signature } from '@medplum/fhirtypes';
import type { Base64 } from '../protocol/evidence/evidence.ts';
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

/**
 * The signature of an author as a FHIR R4 Provenance holds it.
 *
 * @param author - The author.
 * @param at - When it was signed, Unix seconds.
 * @param signed - The signed request, and the signature, as JSON.
 */
export function authorSignature(author: Address, at: number, signed: Base64): Signature {
  return {
    type: [{ system: 'urn:iso-astm:E1762-95:2013', code: '1.2.840.10065.1.12.1.1' }],
    when: new Date(at * 1000).toISOString(),
    who: { identifier: { system: MEDSEAL_SYSTEMS.party, value: author } },
    sigFormat: 'application/json',
    data: signed,
  };
}

const V3 = 'http://terminology.hl7.org/CodeSystem';

function referenceTo({ fullUrl, resource }: BundleEntry): Reference {
  if (fullUrl !== undefined) return { reference: fullUrl };
  if (resource?.id !== undefined) return { reference: `${resource.resourceType}/${resource.id}` };
  return { display: 'an entry without address' };
}
