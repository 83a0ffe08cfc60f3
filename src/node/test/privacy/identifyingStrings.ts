/** Finds the strings in a FHIR bundle that identify someone, or describe them in words. */

/** Resources of people and places: identity, contacts and whether they are active. */
const OF_WHOM = ['Patient', 'Practitioner', 'RelatedPerson', 'Person', 'Organization', 'Location'];
const IDENTIFYING = [
  'name',
  'telecom',
  'address',
  'identifier',
  'birthDate',
  'deceasedDateTime',
  'contact',
  'photo',
  'extension',
];
/** In resources of every kind: names in references, and whatever people wrote. */
const NARRATIVE = [
  'text',
  'div',
  'note',
  'description',
  'comment',
  'conclusion',
  'display',
  'valueString',
  'data',
  'title',
];
const LINKS = ['id', 'fullUrl', 'reference'];

/** The fewest characters of a string that can be told from others by itself. */
const SHORTEST = 6;

/**
 * Strings of six or more characters under identifying and narrative paths of a bundle.
 *
 * @param bundle - As decoded from JSON.
 * @param vocabulary - Words that are everyone's, such as the names of categories; they identify nobody.
 */
export function identifyingStrings(
  bundle: unknown,
  vocabulary: readonly string[] = [],
): ReadonlySet<string> {
  const found = new Set<string>();
  collect(bundle, '', false, found);
  for (const word of vocabulary) found.delete(word);
  return found;
}

function collect(value: unknown, kind: string, told: boolean, found: Set<string>): void {
  if (typeof value === 'string') {
    if (!told) return;
    // Text between tags or on one line may be copied alone.
    for (const piece of [value, ...value.split(/<[^>]*>|\n/)]) {
      const text = piece.trim();
      if (text.length >= SHORTEST) found.add(text);
    }
  } else if (Array.isArray(value)) {
    for (const each of value) collect(each, kind, told, found);
  } else if (typeof value === 'object' && value !== null) {
    const fields = value as Readonly<Record<string, unknown>>;
    const resource = typeof fields['resourceType'] === 'string' ? fields['resourceType'] : kind;
    for (const [name, field] of Object.entries(fields)) {
      // The system of a code or identifier identifies nobody.
      if (name === 'system' || name === 'url') continue;
      collect(field, resource, told || isTold(resource, name), found);
    }
  }
}

function isTold(resource: string, name: string): boolean {
  if (NARRATIVE.includes(name) || LINKS.includes(name)) return true;
  return OF_WHOM.includes(resource) && IDENTIFYING.includes(name);
}
