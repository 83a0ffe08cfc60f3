import { MedsealError } from '../errors/MedsealError.ts';
import type { RecordType } from '../protocol/struct/recordTypes.ts';
import { fieldOf } from './fieldOf.ts';
import { PROFILES } from './profileTable.ts';
import { isOfProfile } from './recordTypeOf.ts';

/**
 * Requires that a valid bundle is a record of a type: it has a resource of the type's profile, with each element that
 * the profile asks for.
 *
 * @param type - The type.
 * @param entries - The bundle's entries.
 * @throws MedsealError `FHIR_INVALID`, which names what is missing.
 */
export function requireProfile(
  type: RecordType,
  entries: readonly { readonly resource?: unknown }[],
): void {
  const profile = PROFILES[type];
  const resources = entries.map(({ resource }) => resource);
  const fitting = resources.filter((resource) => isOfProfile(resource, profile));
  if (fitting.length === 0) {
    const codes = profile.codes === undefined ? '' : ` with the LOINC type ${profile.codes[0]}`;
    throw unfit(type, `a ${profile.types.join(' or ')}${codes}`);
  }
  for (const resource of fitting) requireElements(type, resource, profile.elements);
  if (profile.patient === undefined) return;
  const patient = resources.find((each) => fieldOf(each, 'resourceType') === 'Patient');
  requireElements(type, patient ?? { resourceType: 'Patient' }, profile.patient);
}

function requireElements(
  type: RecordType,
  resource: unknown,
  elements: readonly (readonly string[])[],
): void {
  for (const choice of elements) {
    if (choice.some((element) => fieldOf(resource, element) !== undefined)) continue;
    throw unfit(type, `${String(fieldOf(resource, 'resourceType'))}.${choice.join(' or ')}`);
  }
}

function unfit(type: RecordType, what: string): MedsealError {
  return new MedsealError('FHIR_INVALID', { reason: `a record of type ${type} needs ${what}` });
}
