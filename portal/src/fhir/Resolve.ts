import { fieldOf } from '../../../src/fhir/fieldOf.ts';

/** Finds the resource that a reference names among those that the person may read; undefined if it is not there. */
export type Resolve = (reference: string) => unknown;

/** A resource, and the address that its bundle gives it. */
export interface Entry {
  readonly url?: string | undefined;
  readonly resource: unknown;
}

/**
 * Finds resources by what references call them: the address in their bundle, or their type and id.
 *
 * @param entries - Resources of opened records.
 */
export function resolverOf(entries: readonly Entry[]): Resolve {
  const found = new Map<string, unknown>();
  for (const { url, resource } of entries) {
    const [type, id] = [fieldOf(resource, 'resourceType'), fieldOf(resource, 'id')];
    if (typeof url === 'string' && !found.has(url)) found.set(url, resource);
    if (typeof type === 'string' && typeof id === 'string' && !found.has(`${type}/${id}`)) {
      found.set(`${type}/${id}`, resource);
    }
  }
  return (reference) => found.get(reference);
}

/**
 * Adds the resources that one contains itself, which it calls `#id`.
 *
 * @param resource - The resource that is read.
 * @param resolve - Finds the others.
 */
export function resolverWithin(resource: unknown, resolve: Resolve): Resolve {
  const contained = fieldOf(resource, 'contained');
  if (!Array.isArray(contained)) return resolve;
  return (reference) => {
    if (!reference.startsWith('#')) return resolve(reference);
    return contained.find((each) => fieldOf(each, 'id') === reference.slice(1)) as unknown;
  };
}
