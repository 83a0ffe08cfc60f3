import type { BundleEntry } from '@medplum/fhirtypes';

/**
 * Makes the function that tells which encounter an entry of a bundle belongs to.
 *
 * R4 names it in `encounter`, in `context` of older types, in `context.encounter` of documents, and per item in
 * claims; whichever comes first counts.
 *
 * @param entries - All entries of the bundle, so that the ways to refer to one encounter come out the same.
 * @returns A function from an entry to a name of its encounter, or to the empty text if it has no encounter.
 */
export function createEncounterFinder(
  entries: readonly BundleEntry[],
): (entry: BundleEntry) => string {
  const names = new Map<string, string>();
  for (const { fullUrl, resource } of entries) {
    if (resource?.resourceType !== 'Encounter') continue;
    const relative = resource.id === undefined ? undefined : `Encounter/${resource.id}`;
    const name = fullUrl ?? relative ?? '';
    if (fullUrl !== undefined) names.set(fullUrl, name);
    if (relative !== undefined) names.set(relative, name);
  }

  return ({ fullUrl, resource }) => {
    if (resource === undefined) return '';
    if (resource.resourceType === 'Encounter') return fullUrl ?? `Encounter/${resource.id ?? ''}`;
    const reference = referencesIn(resource).find((text) => isEncounter(text, names)) ?? '';
    return names.get(reference) ?? reference;
  };
}

function isEncounter(reference: string, names: ReadonlyMap<string, string>): boolean {
  return names.has(reference) || /(?:^|\/)Encounter\//.test(reference);
}

/** The references at the places where R4 names an encounter. */
function referencesIn(resource: object): string[] {
  const { encounter, context, item } = resource as Record<string, unknown>;
  const holders = [
    encounter,
    context,
    ...list(context).map((value) => (value as { encounter?: unknown } | null)?.encounter),
    ...list(item).map((value) => (value as { encounter?: unknown } | null)?.encounter),
  ];
  return holders
    .flatMap(list)
    .map((value) => (value as { reference?: unknown } | null)?.reference)
    .filter((reference) => typeof reference === 'string');
}

function list(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
