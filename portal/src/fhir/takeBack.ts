import { fieldOf } from '../../../src/fhir/fieldOf.ts';
import { isTakenBack } from '../../../src/fhir/clinicalState.ts';

/** Code systems of kinds that say by their verification that they were entered in error. */
const VERIFIED: Readonly<Record<string, string>> = {
  Condition: 'condition-ver-status',
  AllergyIntolerance: 'allergyintolerance-verification',
};

/**
 * Marks a FHIR R4 resource as entered in error. Nothing else of it changes, but for the clinical status that FHIR forbids beside
 * that mark.
 *
 * @param resource - Anything.
 * @returns The marked resource; undefined for a kind that has no such mark, and for what is marked already.
 */
export function takeBack(resource: unknown): Readonly<Record<string, unknown>> | undefined {
  const kind = fieldOf(resource, 'resourceType');
  if (typeof resource !== 'object' || resource === null || isTakenBack(resource)) return undefined;
  if (typeof kind === 'string' && Object.hasOwn(VERIFIED, kind)) {
    const system = `http://terminology.hl7.org/CodeSystem/${VERIFIED[kind]}`;
    const { clinicalStatus: _before, ...kept } = resource as Record<string, unknown>;
    return { ...kept, verificationStatus: { coding: [{ system, code: 'entered-in-error' }] } };
  }
  const isMarked = typeof fieldOf(resource, 'status') === 'string';
  return isMarked ? { ...resource, status: 'entered-in-error' } : undefined;
}
