import type { Resource } from '@medplum/fhirtypes';

/**
 * Removes the extensions of `fullUrl` from the entries of a bundle: R4 allows them, but with them the library cannot
 * evaluate the invariants of bundles.
 *
 * @param resource - Any resource; one that is not a bundle comes out as it is.
 * @returns The resource without them, and those that were removed: each an Element.
 */
export function withoutExtended(resource: Resource): {
  readonly plain: Resource;
  readonly extended: readonly unknown[];
} {
  if (resource.resourceType !== 'Bundle' || !Array.isArray(resource.entry)) {
    return { plain: resource, extended: [] };
  }
  const extended: unknown[] = [];
  const entry = resource.entry.map((each: unknown) => {
    if (typeof each !== 'object' || each === null || !Object.hasOwn(each, '_fullUrl')) return each;
    const { _fullUrl, ...plain } = each as { readonly _fullUrl: unknown };
    extended.push(_fullUrl);
    return plain;
  });
  return { plain: { ...resource, entry } as Resource, extended };
}
