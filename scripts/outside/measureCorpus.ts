import type { Bundle, Resource } from '@medplum/fhirtypes';
import { categorise } from '../../src/fhir/categorise.ts';
import { decodePart } from '../../src/fhir/decodePart.ts';
import { encodePart } from '../../src/fhir/encodePart.ts';
import { exactJson } from '../../src/fhir/exactJson.ts';
import { parseFhirJson } from '../../src/fhir/parseFhirJson.ts';
import { reassembleBundle } from '../../src/fhir/reassembleBundle.ts';
import { splitBundle } from '../../src/fhir/splitBundle.ts';
import type { Validator } from '../../src/fhir/Validator.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';

/** Results for the files of a corpus. */
export interface Measured {
  files: number;
  accepted: number;
  /** Of those that were refused, how often each reason, without its place. */
  refused: Record<string, number>;
  /** Of the accepted, how many come back from their sealed parts as they were, to the last digit. */
  equal: number;
  /** Number of resources in each category, those in bundles one by one. */
  categories: Record<string, number>;
  /** Number of Observations in files of their own, by category. */
  observations: Record<string, number>;
  /** Number of contained resources of another category than their container, by result. */
  contained: Record<string, number>;
}

/**
 * Takes the files of a corpus as a chart would take them.
 *
 * @param files - Name and bytes of each: a resource in JSON, or something else, which is refused.
 * @param validator - Of R4.
 * @returns Figures, and the names of what was accepted.
 */
export function measureCorpus(
  files: Iterable<readonly [string, Uint8Array]>,
  validator: Validator,
): { readonly measured: Measured; readonly accepted: ReadonlySet<string> } {
  const measured: Measured = {
    files: 0,
    accepted: 0,
    refused: {},
    equal: 0,
    categories: {},
    observations: {},
    contained: {},
  };
  const accepted = new Set<string>();
  for (const [name, bytes] of files) {
    measured.files++;
    const bundle = read(bytes, validator);
    if (typeof bundle === 'string') {
      count(measured.refused, bundle);
      continue;
    }
    measured.accepted++;
    accepted.add(name);
    if (comesBack(bundle)) measured.equal++;
    const resources = (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
    for (const resource of resources) {
      count(measured.categories, categorise(resource));
      countContained(measured.contained, resource);
    }
    const [only, another] = resources;
    if (another === undefined && only?.resourceType === 'Observation') {
      count(measured.observations, categorise(only));
    }
  }
  return { measured, accepted };
}

function read(bytes: Uint8Array, validator: Validator): Bundle | string {
  try {
    const resource = parseFhirJson(bytes) as Resource;
    const isBundle = resource.resourceType === 'Bundle';
    return validator.validateBundle(
      isBundle ? resource : { resourceType: 'Bundle', type: 'collection', entry: [{ resource }] },
    );
  } catch (error) {
    if (!isMedsealError(error, 'FHIR_INVALID')) throw error;
    return error.values.reason.replace(/^[^:]*: /, '');
  }
}

function comesBack(bundle: Bundle): boolean {
  const parts = splitBundle(bundle, { set: `0x${'00'.repeat(16)}` });
  const opened = parts.map(({ content }) => decodePart(encodePart(content)));
  const whole = reassembleBundle(opened);
  return whole.complete && exactJson(whole.bundle) === exactJson(bundle);
}

function countContained(counts: Record<string, number>, resource: Resource): void {
  const { contained = [], ...bare } = resource as Resource & { contained?: Resource[] };
  const [own, sealed] = [categorise(bare), categorise(resource)];
  for (const inner of contained) {
    const category = categorise(inner);
    if (category === own) count(counts, 'of the same category');
    else count(counts, sealed === own ? 'told of by the category' : `raised to ${sealed}`);
  }
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
