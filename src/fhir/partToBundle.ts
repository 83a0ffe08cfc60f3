import type { Bundle, BundleEntry, Coding } from '@medplum/fhirtypes';
import { categorise } from './categorise.ts';
import { fieldOf } from './fieldOf.ts';
import type { PartContent } from './Part.ts';
import { restricted, sensitiveLabels } from './securityLabels.ts';

/**
 * A part alone as a FHIR R4 collection of its resources, for a reader who has only this part. Directions for sending
 * entries to a server, and how it found them, have no place in a collection (invariants bdl-2 to bdl-4) and are left
 * out. An amended part's Provenance comes last. A part of `sensitive` has the labels that its entries do not have of
 * their own.
 *
 * @param content - A part's content, as `parsePart` checks it.
 */
export function partToBundle(content: PartContent): Bundle {
  const shown = content.entries.filter(({ resource }) => resource !== undefined);
  const entry: BundleEntry[] = shown.map(
    ({ request: _request, response: _response, search: _search, ...kept }) => kept,
  );
  if (content.provenance !== undefined) entry.push({ resource: content.provenance });
  const security = labelsFor(content, shown);
  return {
    resourceType: 'Bundle',
    ...(security.length > 0 && { meta: { security: [...security] } }),
    type: 'collection',
    ...(entry.length > 0 && { entry }),
  };
}

/**
 * Labels that the bundle gave its entries, and a server its answer; or that they are restricted, if no label tells why.
 */
function labelsFor(
  { category, security = [] }: PartContent,
  shown: readonly BundleEntry[],
): readonly Coding[] {
  if (category !== 'sensitive') return [];
  const told = shown.flatMap(({ response }) => sensitiveLabels(fieldOf(response, 'outcome')));
  const labels = [...security, ...told];
  const isPlain = shown.every(({ resource }) => categorise(resource) === 'sensitive');
  return labels.length > 0 || isPlain ? labels : [restricted()];
}
