import { RECORD_TYPES, type RecordType } from '../protocol/struct/recordTypes.ts';
import { fieldOf, listOf } from './fieldOf.ts';
import { PROFILES, RESOURCE_TYPES, type RecordProfile } from './profileTable.ts';

const LOINC = 'http://loinc.org';

/**
 * Tells which of the six types of records something is: by its resources, or by the type that a DocumentReference
 * states. It is what its author says; `requireProfile` checks the rest.
 *
 * @param entries - Entries of a bundle or of a part; not trusted.
 * @returns The first type that fits; undefined if none does.
 */
export function recordTypeOf(
  entries: readonly { readonly resource?: unknown }[],
): RecordType | undefined {
  return RECORD_TYPES.find((type) =>
    entries.some(
      ({ resource }) => isOfProfile(resource, PROFILES[type]) || isDocumentOf(resource, type),
    ),
  );
}

/**
 * Tells whether a resource is the one that makes a record one of its type.
 *
 * @param resource - Any resource, or anything else.
 * @param profile - The type's profile.
 */
export function isOfProfile(resource: unknown, { types, codes }: RecordProfile): boolean {
  const name = fieldOf(resource, 'resourceType');
  if (!types.some((each) => each === name)) return false;
  return codes === undefined || codings(resource, LOINC).some((code) => codes.includes(code));
}

function isDocumentOf(resource: unknown, type: RecordType): boolean {
  if (fieldOf(resource, 'resourceType') !== 'DocumentReference') return false;
  const { types, codes } = PROFILES[type];
  if (codes !== undefined) return codings(resource, LOINC).some((code) => codes.includes(code));
  return codings(resource, RESOURCE_TYPES).some((code) => types.some((each) => each === code));
}

/** Codes of a resource's `type` that are of a system. */
function codings(resource: unknown, system: string): string[] {
  return listOf(fieldOf(fieldOf(resource, 'type'), 'coding'))
    .filter((coding) => fieldOf(coding, 'system') === system)
    .map((coding) => String(fieldOf(coding, 'code')));
}
