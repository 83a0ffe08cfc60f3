import type { ResourceRead } from './fhirIn.ts';

/** A FHIR bundle as it is, and of any other resource a bundle. */
export function bundleAround(resource: ResourceRead): object {
  if (resource.resourceType === 'Bundle') return resource;
  return { resourceType: 'Bundle', type: 'collection', entry: [{ resource }] };
}
