import type { Bundle } from '@medplum/fhirtypes';
import { writtenResource } from './effectiveResource.ts';

/**
 * A bundle as its authors wrote it, from one of effective resources.
 *
 * @param bundle - As it was given out, perhaps changed since.
 */
export function writtenBundle(bundle: Bundle): Bundle {
  const entry = bundle.entry?.map((each) =>
    each.resource === undefined ? each : { ...each, resource: writtenResource(each.resource) },
  );
  return { ...bundle, ...(entry && { entry }) };
}
