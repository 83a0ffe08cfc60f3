import type { Bundle, BundleEntry } from '@medplum/fhirtypes';
import type { PartContent } from './Part.ts';

/**
 * A part alone as a FHIR R4 collection of its resources, for a reader who has only this part. How entries were to be
 * sent to a server, or were found by it, has no place in a collection (invariants bdl-2 to bdl-4) and is left out. An amended part's Provenance comes last.
 *
 * @param content - A part's content, of the form that `parsePart` checks.
 */
export function partToBundle({ entries, provenance }: PartContent): Bundle {
  const entry: BundleEntry[] = entries
    .filter(({ resource }) => resource !== undefined)
    .map(({ request: _request, response: _response, search: _search, ...kept }) => kept);
  if (provenance !== undefined) entry.push({ resource: provenance });
  return { resourceType: 'Bundle', type: 'collection', ...(entry.length > 0 && { entry }) };
}
