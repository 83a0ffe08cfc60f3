import { crawlTypedValue } from '@medplum/core';
import type { Bundle, OperationOutcomeIssue, Resource, ValueSet } from '@medplum/fhirtypes';
import { fieldOf, listOf } from './fieldOf.ts';

/** Codes of a value set, each behind its system and `|`, and each alone. */
export type CodesOfSets = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The codes of the value sets among definitions that list their codes themselves.
 *
 * @param definitions - Bundles of definitions.
 */
export function codesOfSets(definitions: readonly Bundle[]): CodesOfSets {
  const resources = definitions.flatMap(({ entry = [] }) => entry.map(({ resource }) => resource));
  const sets = resources.filter((each): each is ValueSet => each?.resourceType === 'ValueSet');
  return new Map(
    sets.flatMap(({ url, compose: { include = [], exclude } = {} }) => {
      const isListed = include.every(({ concept, filter }) => concept && !filter) && !exclude;
      if (url === undefined || include.length === 0 || !isListed) return [];
      const codes = include.flatMap(({ system = '', concept = [] }) =>
        concept.flatMap(({ code }) => [code, `${system}|${code}`]),
      );
      return [[url, new Set(codes)] as const];
    }),
  );
}

/**
 * Finds a code of a resource that is not of the value set from which FHIR requires it to be.
 *
 * @param resource - It must be valid otherwise. Contained resources are included.
 * @param sets - Value sets by address; a code from any other is not looked up.
 * @returns The first such code, by its path.
 */
export function findUnknownCode(
  resource: Resource,
  sets: CodesOfSets,
): OperationOutcomeIssue | undefined {
  let found: OperationOutcomeIssue | undefined;
  crawlTypedValue(
    { type: resource.resourceType, value: resource },
    {
      visitProperty(_parent, key, _path, values, schema) {
        const { strength, valueSet = '' } = schema.elements[key]?.binding ?? {};
        const codes = sets.get(valueSet.replace(/\|.*/, ''));
        if (found !== undefined || strength !== 'required' || codes === undefined) return;
        const wrong = values.flat().find(({ type, value }) => !isOf(type, value, codes));
        if (wrong === undefined) return;
        const expression = [wrong.path];
        found = { severity: 'error', code: 'code-invalid', expression, details: { text: UNKNOWN } };
      },
    },
    { skipMissingProperties: true },
  );
  return found;
}

const UNKNOWN = 'Code is not of the required value set';

/** One coding of a concept suffices. The type of a code was judged before. */
function isOf(type: string, value: unknown, codes: ReadonlySet<string>): boolean {
  if (value === undefined || value === null) return true;
  if (type === 'code') {
    // With an extension it is an object; without a code the extension stands in its place.
    const code: unknown = value.valueOf();
    return typeof code !== 'string' || codes.has(code);
  }
  const codings = listOf(fieldOf(value, 'coding') ?? value);
  return codings.some((coding) =>
    codes.has(`${String(fieldOf(coding, 'system'))}|${String(fieldOf(coding, 'code'))}`),
  );
}
