import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseStructureDefinition, type Constraint } from '@medplum/core';
import type { OperationOutcomeIssue, StructureDefinition } from '@medplum/fhirtypes';
import { createReasoner } from '../src/fhir/createReasoner.ts';
import { isJudged } from '../src/fhir/definitions/isJudged.ts';
import { typedName } from '../src/fhir/typedName.ts';
import { loadFhirDefinitions } from '../src/node/loadFhirDefinitions.ts';
import { compactDefinitions, wholeDefinitions } from './compactDefinitions.ts';
import { ROOT } from './sdkPrograms.ts';

const whole = wholeDefinitions();
const carried = loadFhirDefinitions()
  .flatMap(({ entry = [] }) => entry.map(({ resource }) => resource))
  .filter((resource) => resource?.resourceType === 'StructureDefinition');

/**
 * The validator's own schema of a definition, without texts for people, invariants that nothing judges, and what it
 * reads only to look up codes.
 */
function schemaOf(definition: StructureDefinition | undefined): unknown {
  assert.ok(definition);
  const text = JSON.stringify(parseStructureDefinition(definition), (key, value: unknown) => {
    if (value === Number.POSITIVE_INFINITY) return '*';
    if (key === 'constraints') return (value as Constraint[]).filter(isJudged);
    return LEFT_OUT.has(key) ? undefined : value;
  });
  return JSON.parse(text) as unknown;
}

const LEFT_OUT = new Set([
  'binding',
  'description',
  'profile',
  'summaryProperties',
  'title',
  'version',
]);

const ISSUE: OperationOutcomeIssue = { severity: 'error', code: 'structure' };

/** Names that the path of a reason may have: of elements, and of the fields that a choice may stand in. */
function namesIn({ snapshot }: StructureDefinition): string[] {
  return (snapshot?.element ?? []).flatMap(({ path, type = [] }) => {
    const name = path.split('.').at(-1) ?? '';
    return name.endsWith('[x]') ? [name, ...type.map(({ code }) => typedName(name, code))] : [name];
  });
}

describe('the definitions of FHIR that Medseal carries', () => {
  it('are those of their package; `node --test --test-update-snapshots scripts/fhirDefinitions.test.ts` renews them', (t) => {
    const file = join(ROOT, 'src/fhir/definitions/r4.json');
    t.assert.fileSnapshot(compactDefinitions(whole), file, { serializers: [String] });
  });

  it('are to the validator what the whole ones are', () => {
    assert.deepEqual(
      carried.map(({ url }) => url),
      whole.map(({ url }) => url),
    );
    for (const [index, definition] of whole.entries()) {
      assert.deepEqual(schemaOf(carried[index]), schemaOf(definition), definition.url);
      assert.equal(carried[index]?.abstract, definition.abstract, definition.url);
    }
  });

  it('name as many elements in reasons', () => {
    const reasons = [whole, carried].map((definitions) => {
      const reasonOf = createReasoner(definitions);
      const words = whole.flatMap(namesIn);
      return words.map((word) => reasonOf({ ...ISSUE, expression: [`Bundle.${word}`] }, 'Bundle'));
    });
    assert.deepEqual(reasons[1], reasons[0]);
  });
});
