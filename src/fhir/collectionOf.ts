import type { Bundle, Resource } from '@medplum/fhirtypes';
import type { Bytes32 } from '../protocol/ids.ts';

/**
 * Puts resources into a Bundle of the type collection, each under a UUID that follows from a hash: the same resources
 * always have the same names.
 *
 * @param named - Resources, each with the hash that it is named after.
 */
export function collectionOf<Each extends Resource>(
  named: readonly { readonly hash: Bytes32; readonly resource: Each }[],
): Bundle<Each> {
  const entry = named.map(({ hash, resource }) => ({ fullUrl: uuidOf(hash), resource }));
  return { resourceType: 'Bundle', type: 'collection', ...(entry.length > 0 && { entry }) };
}

/** A UUID of version 8 (RFC 9562), from the first digits of a hash. */
function uuidOf(hash: Bytes32): string {
  const [, a, b, c, d, e] = /^0x(.{8})(.{4}).(.{3}).(.{3})(.{12})/.exec(hash) ?? [];
  return `urn:uuid:${a}-${b}-8${c}-8${d}-${e}`;
}
