import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bundle, ElementDefinition, Resource, StructureDefinition } from '@medplum/fhirtypes';
import { failsWith } from '../protocol/test/failsWith.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { loadFhirDefinitions } from '../node/loadFhirDefinitions.ts';
import { createValidator } from './createValidator.ts';
import { codesOfSets, findUnknownCode } from './findUnknownCode.ts';
import { typedName } from './typedName.ts';

const definitions = loadFhirDefinitions();
const validator = createValidator(definitions);
const sets = codesOfSets(definitions);
const structures = definitions
  .flatMap(({ entry = [] }) => entry.map(({ resource }) => resource))
  .filter((each): each is StructureDefinition => each?.resourceType === 'StructureDefinition');

/** An element of a resource whose code has to be of a value set. */
interface Bound {
  readonly type: string;
  readonly element: ElementDefinition;
  readonly as: string;
  readonly codes: ReadonlySet<string>;
}

const BOUND = structures
  .filter(({ kind, abstract }) => kind === 'resource' && !abstract)
  .flatMap(({ type, snapshot }) => (snapshot?.element ?? []).map((element) => ({ type, element })))
  .flatMap(({ type, element }): readonly Bound[] => {
    const codes = sets.get(element.binding?.valueSet ?? '');
    if (codes === undefined) return [];
    const coded = (element.type ?? []).filter(({ code }) =>
      ['code', 'Coding', 'CodeableConcept'].includes(code),
    );
    return coded.map(({ code }) => ({ type, element, as: code, codes }));
  });

/** A resource with nothing but one element, which holds a code. */
function withCode({ type, element, as }: Bound, system: string, code: string): Resource {
  const steps = (element.path ?? '').split('.').slice(1);
  const coding = { system, code };
  const concept = as === 'Coding' ? coding : { coding: [coding] };
  let value: unknown = as === 'code' ? code : concept;
  for (const [at, step] of [...steps.entries()].toReversed()) {
    const path = [type, ...steps.slice(0, at + 1)].join('.');
    const held = structures.find((each) => each.type === type)?.snapshot?.element;
    const { max = '1' } = held?.find((each) => each.path === path) ?? {};
    const name = step.endsWith('[x]') ? typedName(step, as) : step;
    value = { [name]: max === '*' ? [value] : value };
  }
  return { resourceType: type, ...(value as object) } as Resource;
}

/** A code of a value set, with its system. */
function someCode(codes: ReadonlySet<string>): readonly [string, string] {
  const [system = '', code = ''] = [...codes].find((each) => each.includes('|'))?.split('|') ?? [];
  return [system, code];
}

const bundleOf = (resource: unknown): Bundle =>
  ({ resourceType: 'Bundle', type: 'collection', entry: [{ resource }] }) as Bundle;

describe('a code that FHIR requires to be of a value set', () => {
  // @class a code outside of a value set that FHIR requires, in any element of any resource | is taken
  it('is refused in every element of every resource if it is another, of another system, or written otherwise', () => {
    assert.ok(BOUND.length > 300, String(BOUND.length));
    for (const bound of BOUND) {
      const [system, code] = someCode(bound.codes);
      const wrong = [
        [system, 'zork'],
        [system, `${code} `],
        [system, code.repeat(2)],
      ];
      if (bound.as !== 'code') wrong.push(['http://example.org/other', code]);
      for (const [of = '', given = ''] of wrong) {
        const found = findUnknownCode(withCode(bound, of, given), sets);
        assert.equal(found?.code, 'code-invalid', `${bound.element.path} ${given}`);
      }
    }
  });

  it('is taken there if it is one of them', () => {
    for (const bound of BOUND) {
      const [system, code] = someCode(bound.codes);
      const found = findUnknownCode(withCode(bound, system, code), sets);
      assert.equal(found, undefined, bound.element.path);
    }
  });

  // @actor a program that writes FHIR with a code that R4 does not have, such as `status: "zork"` | has it taken as valid, so that rules and readers miss what it means
  it('is refused by its path, in a data type, in what a resource contains and in bundles within', () => {
    const zork = { resourceType: 'Observation', id: 'a', status: 'zork', code: { text: 'x' } };
    const holder = {
      resourceType: 'Patient',
      contained: [zork],
      generalPractitioner: [{ reference: '#a' }],
    };
    const cases: readonly (readonly [unknown, string])[] = [
      [zork, 'status'],
      [holder, 'contained[0].status'],
      [bundleOf(zork), 'entry[0].resource.status'],
      [{ resourceType: 'Patient', name: [{ use: 'zork' }] }, 'name[0].use'],
    ];
    for (const [resource, path] of cases) {
      assert.throws(
        () => validator.validateBundle(bundleOf(resource)),
        (error) =>
          isMedsealError(error, 'FHIR_INVALID') &&
          error.message.includes(`Bundle.entry[0].resource.${path}: code is not of the required`) &&
          !error.message.includes('zork'),
        path,
      );
    }
  });

  it('may be absent with an extension that says why, and one of several codings suffices', () => {
    const system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';
    const own = { system: 'http://example.org', code: 'x' };
    validator.validateBundle(
      bundleOf({
        resourceType: 'AllergyIntolerance',
        clinicalStatus: { coding: [own, { system, code: 'active' }] },
        patient: { reference: 'Patient/1' },
      }),
    );
    const _gender = { extension: [{ url: 'http://example.org/why', valueCode: 'asked' }] };
    validator.validateBundle(bundleOf({ resourceType: 'Patient', _gender }));
  });

  it('is judged the same with an extension beside it', () => {
    const _gender = { extension: [{ url: 'http://example.org/told', valueString: 'by phone' }] };
    validator.validateBundle(bundleOf({ resourceType: 'Patient', gender: 'male', _gender }));
    const zork = { resourceType: 'Patient', gender: 'zork', _gender };
    assert.throws(() => validator.validateBundle(bundleOf(zork)), failsWith('FHIR_INVALID'));
  });
});
