import { indexStructureDefinitionBundle } from '@medplum/core';
import type { Bundle, Resource, StructureDefinition } from '@medplum/fhirtypes';
import { MedsealError } from '../errors/MedsealError.ts';
import { createReasoner } from './createReasoner.ts';
import { findBreach } from './findBreach.ts';
import { findIssue } from './findIssue.ts';
import { codesOfSets, findUnknownCode } from './findUnknownCode.ts';
import type { Validator } from './Validator.ts';

/**
 * Makes a validator from the definitions of FHIR R4: cardinality, types, formats, invariants, and the codes of value sets that
 * are required and list their codes, of a bundle and every resource in it. Other codes are not looked up.
 *
 * The definitions are half a megabyte of JSON, so they are loaded by whoever needs them: in Node by
 * `src/node/loadFhirDefinitions.ts`.
 *
 * @param definitions - Bundles of StructureDefinitions: the data types, then the resources
 *   (https://hl7.org/fhir/R4/downloads.html, `profiles-types` and `profiles-resources`); and ValueSets that list their codes.
 */
export function createValidator(definitions: readonly Bundle[]): Validator {
  for (const bundle of definitions) indexStructureDefinitionBundle(bundle);
  const structures = definitions.flatMap(structuresIn);
  const types = new Set(structures.filter(isConcreteResource).map(({ type }) => type));
  const reasonOf = createReasoner(structures);
  const sets = codesOfSets(definitions);

  /**
   * The elements of the whole are checked once; only if that fails are they looked at entry by entry, so that the path
   * is exact. Rules for whole resources are checked entry by entry in any case.
   */
  function faultOf(bundle: Bundle): string | undefined {
    // To the library an empty object is nothing at all.
    if (bundle.entry !== undefined && !Array.isArray(bundle.entry)) {
      return 'Bundle.entry: expected array of values for property';
    }
    for (const [resource, path] of resourcesIn(bundle)) {
      if (!types.has(resource?.resourceType)) return `${path}: is not a resource of R4`;
    }
    const issue = findIssue(bundle);
    for (const [resource, path] of issue === undefined ? [] : resourcesIn(bundle)) {
      const inner = findIssue(resource);
      if (inner !== undefined) return reasonOf(inner, path);
    }
    if (issue !== undefined) return reasonOf(issue, 'Bundle');
    for (const [resource, path] of [[bundle, 'Bundle'] as const, ...entriesIn(bundle)]) {
      const breach = findBreach(resource);
      if (breach !== undefined) return reasonOf(breach, path);
    }
    const unknown = findUnknownCode(bundle, sets);
    return unknown && reasonOf(unknown, 'Bundle');
  }

  return {
    validateBundle(value) {
      if ((value as Partial<Bundle> | null)?.resourceType !== 'Bundle') {
        throw new MedsealError('FHIR_INVALID', { reason: 'Bundle: is not a bundle' });
      }
      const reason = faultOf(value as Bundle);
      if (reason !== undefined) throw new MedsealError('FHIR_INVALID', { reason });
      return value as Bundle;
    },
  };
}

function structuresIn(bundle: Bundle): StructureDefinition[] {
  const resources = (bundle.entry ?? []).map(({ resource }) => resource);
  return resources.filter((resource) => resource?.resourceType === 'StructureDefinition');
}

function isConcreteResource({ kind, abstract }: StructureDefinition): boolean {
  return kind === 'resource' && !abstract;
}

/** The resources that lie in a bundle, in others' `contained` or in bundles within, with their paths. */
function* resourcesIn(bundle: Bundle): Generator<[Resource, string]> {
  for (const [resource, at] of entriesIn(bundle)) {
    yield [resource, at];
    const contained = (resource as { contained?: Resource[] } | null)?.contained;
    if (!Array.isArray(contained)) continue;
    for (const [place, inner] of contained.entries()) yield [inner, `${at}.contained[${place}]`];
  }
}

/** The resources that are entries of a bundle, or of bundles within, with their paths. */
function* entriesIn(bundle: Bundle, path = 'Bundle'): Generator<[Resource, string]> {
  if (!Array.isArray(bundle.entry)) return;
  for (const [index, entry] of bundle.entry.entries()) {
    const resource = entry?.resource;
    if (resource === undefined) continue;
    const at = `${path}.entry[${index}].resource`;
    yield [resource, at];
    if (resource?.resourceType === 'Bundle') yield* entriesIn(resource, at);
  }
}
