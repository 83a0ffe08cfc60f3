import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as assertAll, constantFrom, oneof, property, string } from 'fast-check';
import { MedsealError } from '../../errors/MedsealError.ts';
import { loadFhirDefinitions } from '../../node/loadFhirDefinitions.ts';
import { fieldOf } from '../fieldOf.ts';
import { splitBundle } from '../splitBundle.ts';
import { writeFhirJson } from '../writeFhirJson.ts';
import { createValidator } from '../createValidator.ts';
import { CLINICAL_FORMS } from './clinicalForms.ts';
import { FORM_NAMES, type FormName } from './formNames.ts';
import { faultInWords } from './faultInWords.ts';
import { fillForm } from './fillForm.ts';
import type { FormFault, FormFieldName, FormValues } from './FormField.ts';
import { readForm } from './readForm.ts';
import { arbitraryForm, FILLED } from './test/arbitraryForm.ts';

const validator = createValidator(loadFhirDefinitions());

/** A form that is taken, for each name. */
const GOOD: Readonly<Record<FormName, FormValues>> = {
  allergy: { substance: 'Penicillin' },
  problem: { problem: 'Asthma' },
  'vital-signs': { measured: '2026-03-14T09:30Z', pulse: '72' },
  vaccination: { vaccine: 'Influenza', given: '2026-03-14' },
  order: { service: 'Blood count', ordered: '2026-03-14T09:30Z' },
  referral: { specialty: 'Cardiology', reason: 'Chest pain', ordered: '2026-03-14T09:30Z' },
};

/** The reference by which a resource names whoever filled in its form. */
const AUTHOR = { identifier: { system: 'urn:medseal:party', value: FILLED.author } };

function faultsOf(name: FormName, values: FormValues): readonly FormFault[] {
  return readForm(name, values, FILLED).faults;
}

function resourcesOf(name: FormName, values: FormValues): readonly unknown[] {
  const { entry = [] } = validator.validateBundle(fillForm(name, values, FILLED));
  return entry.map(({ resource }) => resource);
}

describe('a clinical form', () => {
  it('makes a bundle that FHIR R4 takes, of one part in the category of the form, whatever values it takes', () => {
    assertAll(
      property(arbitraryForm, ({ name, values }) => {
        const bundle = validator.validateBundle(fillForm(name, values, FILLED));
        const parts = splitBundle(bundle, { set: '0x' });
        assert.deepEqual(
          parts.map(({ category }) => category),
          [CLINICAL_FORMS[name].category],
        );
      }),
    );
  });

  it('makes the same of the same on one day, so that it is safe to repeat', () => {
    assertAll(
      property(arbitraryForm, ({ name, values }) => {
        const one = fillForm(name, values, FILLED);
        assert.deepEqual(fillForm(name, values, { ...FILLED, at: FILLED.at + 1 }), one);
      }),
    );
  });

  // @class a text with hidden characters, of any length or of another kind is typed into a form | each field refuses it by name
  it('gives a fault or a valid bundle, never anything else, for any texts', () => {
    const texts = oneof(
      string({ unit: 'binary', maxLength: 1200 }),
      constantFrom('', ' ', '2026-02-30', '1e9', '-1', '\u202e', '\0', 'active', '37,5'),
    );
    assertAll(
      property(arbitraryForm, texts, ({ name, values }, text) => {
        for (const { name: field } of CLINICAL_FORMS[name].fields) {
          const { bundle, faults } = readForm(name, { ...values, [field]: text }, FILLED);
          if (bundle !== undefined) validator.validateBundle(bundle);
          for (const fault of faults) assert.ok(faultInWords(fault).length > 0);
          assert.equal(bundle === undefined, faults.length > 0);
        }
      }),
      { numRuns: 40 },
    );
  });

  for (const name of FORM_NAMES) {
    it(`names each field once, and only others on which a field depends: ${name}`, () => {
      const { fields } = CLINICAL_FORMS[name];
      const names = fields.map((field) => field.name);
      assert.equal(new Set(names).size, names.length);
      for (const { only } of fields) assert.ok(only === undefined || names.includes(only[0]));
    });

    it(`is not taken empty, and throws an error with the name of its first field that is missing: ${name}`, () => {
      const [fault] = faultsOf(name, {});
      assert.equal(fault?.fault, 'missing');
      assert.throws(
        () => fillForm(name, {}, FILLED),
        (error) =>
          error instanceof MedsealError &&
          error.code === 'ARGUMENT_INVALID' &&
          error.message.startsWith(`${fault.field}: `),
      );
    });
  }
});

function ended(began: string, end: string): readonly FormFault[] {
  return faultsOf('problem', { problem: 'Asthma', status: 'resolved', began, ended: end });
}

describe('a value that a form does not take', () => {
  const wrong: readonly (readonly [
    FormName,
    FormFieldName,
    string,
    FormFault['fault'],
    string?,
  ])[] = [
    ['allergy', 'substance', ' ', 'missing'],
    ['allergy', 'substance', 'x'.repeat(201), 'too-long', '200'],
    ['allergy', 'substance', 'Peni\u202ecillin', 'hidden'],
    ['allergy', 'substance', 'Peni\ncillin', 'hidden'],
    ['allergy', 'substance', 'Peni\u0007cillin', 'hidden'],
    ['allergy', 'criticality', 'awful', 'not-listed', 'high, low, unable-to-assess'],
    ['allergy', 'severity', 'severe', 'missing'],
    ['allergy', 'code', 'penicillin', 'not-a-code', 'ATC'],
    ['allergy', 'began', '2026-13', 'not-a-date'],
    ['allergy', 'began', '2027', 'too-late'],
    ['allergy', 'began', '1066', 'too-early', '1890'],
    ['allergy', 'known', 'none', 'unfit'],
    ['problem', 'ended', '2020', 'unfit'],
    ['problem', 'note', 'a\u200bb', 'hidden'],
    ['problem', 'pulse', '72', 'unfit'],
    ['vital-signs', 'pulse', '72.5', 'not-a-number', '0'],
    ['vital-signs', 'temperature', '19', 'too-low', '20'],
    ['vital-signs', 'pulse', '-72', 'not-a-number', '0'],
    ['vital-signs', 'pulse', '7e1', 'not-a-number', '0'],
    ['vital-signs', 'pulse', '', 'nothing'],
    ['vital-signs', 'temperature', '73', 'too-high', '46'],
    ['vital-signs', 'temperature', '37.123', 'not-a-number', '1'],
    ['vital-signs', 'oxygen', '101', 'too-high', '100'],
    ['vital-signs', 'diastolic', '80', 'missing'],
    ['vital-signs', 'measured', '2026-03-14', 'not-a-date'],
    ['vital-signs', 'measured', '2026-02-30T10:00', 'not-a-date'],
    ['vital-signs', 'measured', '2026-03-14T24:30', 'not-a-date'],
    ['vital-signs', 'measured', '2127-03-14T09:30', 'too-late'],
    ['vaccination', 'given', '2026-02-29', 'not-a-date'],
    ['vaccination', 'given', '2026', 'not-a-date'],
    ['vaccination', 'given', '2127-01-01', 'too-late'],
    ['vaccination', 'dose', '0', 'too-low', '1'],
    ['order', 'code', '585', 'not-a-code', 'LOINC'],
    ['order', 'code', '58410-3', 'not-a-code', 'LOINC'],
    ['referral', 'code', '394579003', 'not-a-code', 'SNOMED CT'],
    ['order', 'ordered', '2127-03-14T09:30Z', 'too-late'],
    ['referral', 'reason', '', 'missing'],
    ['vaccination', 'dose', 'one', 'not-a-number', '0'],
  ];
  for (const [name, field, text, fault, limit] of wrong) {
    it(`is told at its field: ${field} of ${name}, ${JSON.stringify(text).slice(0, 30)}`, () => {
      const faults = faultsOf(name, { ...GOOD[name], [field]: text });
      const [found] = faults;
      assert.equal(faults.length, 1);
      assert.equal(found?.fault, fault);
      assert.equal(found.limit, limit);
    });
  }

  it('is told for each field at once', () => {
    const faults = faultsOf('vital-signs', { pulse: '999', temperature: '99' });
    assert.deepEqual(
      faults.map(({ field }) => field),
      ['measured', 'pulse', 'temperature'],
    );
  });

  it('can be a lower value of a blood pressure that is not lower', () => {
    const [fault] = faultsOf('vital-signs', {
      ...GOOD['vital-signs'],
      systolic: '80',
      diastolic: '120',
    });
    assert.deepEqual(fault, { field: 'diastolic', fault: 'too-high', limit: '79' });
  });

  it('can be an end before the beginning, as far as both dates tell', () => {
    assert.deepEqual(ended('2020-05', '2020-04-30'), [
      { field: 'ended', fault: 'too-early', limit: '2020-05' },
    ]);
    assert.deepEqual(ended('2020-05-01', '2020'), []);
    assert.deepEqual(ended('2019', '2020-01-01'), []);
  });
});

describe('the resources of a form', () => {
  it('of an allergy say substance, code, risk, reaction and both states', () => {
    const values = {
      substance: ' Penicillin G ',
      code: 'J01CE01',
      criticality: 'high',
      reaction: 'Rash',
      severity: 'moderate',
      began: '2019-05',
      note: 'As a child.\r\nTold by her mother.',
    };
    const codes = 'http://terminology.hl7.org/CodeSystem/allergyintolerance';
    assert.deepEqual(resourcesOf('allergy', values), [
      {
        resourceType: 'AllergyIntolerance',
        clinicalStatus: { coding: [{ system: `${codes}-clinical`, code: 'active' }] },
        verificationStatus: { coding: [{ system: `${codes}-verification`, code: 'confirmed' }] },
        criticality: 'high',
        code: {
          coding: [{ system: 'http://www.whocc.no/atc', code: 'J01CE01' }],
          text: 'Penicillin G',
        },
        patient: { identifier: { system: 'urn:medseal:handle', value: FILLED.handle } },
        onsetDateTime: '2019-05',
        recordedDate: '2026-09-21',
        recorder: AUTHOR,
        note: [{ text: 'As a child.\nTold by her mother.' }],
        reaction: [{ manifestation: [{ text: 'Rash' }], severity: 'moderate' }],
      },
    ]);
  });

  it('say by SNOMED CT that no allergy is known, and name no substance', () => {
    const [resource] = resourcesOf('allergy', { known: 'none' });
    const { code, clinicalStatus } = resource as Record<string, unknown>;
    assert.deepEqual(code, {
      coding: [
        { system: 'http://snomed.info/sct', code: '716186003', display: 'No known allergy' },
      ],
      text: 'No known allergy',
    });
    assert.notEqual(clinicalStatus, undefined);
  });

  it('of a blood pressure are one Observation with both values, and of each other vital sign one', () => {
    const values = {
      measured: '2026-03-14T10:30+01:00',
      systolic: '120',
      diastolic: '80',
      temperature: '37,0',
      oxygen: '98',
    };
    const [pressure, temperature, oxygen, ...others] = resourcesOf('vital-signs', values);
    assert.deepEqual(others, []);
    const { component, effectiveDateTime } = pressure as {
      readonly component: readonly { readonly valueQuantity: unknown }[];
      readonly effectiveDateTime: string;
    };
    const mmHg = { unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' };
    assert.deepEqual(
      component.map(({ valueQuantity }) => valueQuantity),
      [
        { value: 120, ...mmHg },
        { value: 80, ...mmHg },
      ],
    );
    assert.deepEqual(fieldOf(pressure, 'performer'), [AUTHOR]);
    assert.equal(effectiveDateTime, '2026-03-14T09:30:00.000Z');
    assert.match(writeFhirJson(temperature), /"value":37\.0,"unit":"°C"/);
    assert.match(writeFhirJson(oxygen), /"2708-6".*"59408-5".*"value":98,"unit":"%"/);
  });

  it('of an emergency are taken: no pulse, no breath, a pressure whose lower value is 0 or was not heard', () => {
    const measured = '2026-03-14T09:30Z';
    const arrest = { measured, pulse: '0', breathing: '0', systolic: '60', diastolic: '0' };
    assert.match(writeFhirJson(resourcesOf('vital-signs', arrest)), /("value":0,.*){3}/);
    const [palpated] = resourcesOf('vital-signs', { measured, systolic: '90' });
    const { component } = palpated as { readonly component: readonly Record<string, unknown>[] };
    assert.deepEqual(
      component.map(({ valueQuantity, dataAbsentReason }) => [
        (valueQuantity as { readonly value: number } | undefined)?.value,
        dataAbsentReason,
      ]),
      [
        [90, undefined],
        [
          undefined,
          {
            coding: [
              {
                system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason',
                code: 'unknown',
              },
            ],
          },
        ],
      ],
    );
  });

  it('of an order say what shall be done, how soon and why', () => {
    const values = { ...GOOD.order, code: '58410-2', priority: 'urgent', reason: 'Fever' };
    assert.deepEqual(resourcesOf('order', values), [
      {
        resourceType: 'ServiceRequest',
        status: 'active',
        intent: 'order',
        priority: 'urgent',
        subject: { identifier: { system: 'urn:medseal:handle', value: FILLED.handle } },
        authoredOn: '2026-03-14T09:30:00.000Z',
        requester: AUTHOR,
        reasonCode: [{ text: 'Fever' }],
        code: { coding: [{ system: 'http://loinc.org', code: '58410-2' }], text: 'Blood count' },
      },
    ]);
  });

  it('of a referral say by a code that it is one, and the specialty that it is for', () => {
    const [resource] = resourcesOf('referral', GOOD.referral);
    const { category, performerType } = resource as Record<string, unknown>;
    assert.deepEqual(performerType, { text: 'Cardiology' });
    assert.match(JSON.stringify(category), /"3457005"/);
  });

  it('of a vaccination say vaccine, day, lot and number of the dose', () => {
    const values = { vaccine: 'Influenza', code: '140', given: '2025-10-03', lot: 'A1', dose: '2' };
    const [resource] = resourcesOf('vaccination', values);
    const { vaccineCode, protocolApplied, lotNumber } = resource as Record<string, unknown>;
    assert.deepEqual(vaccineCode, {
      coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '140' }],
      text: 'Influenza',
    });
    assert.deepEqual([lotNumber, protocolApplied], ['A1', [{ doseNumberPositiveInt: 2 }]]);
  });
});
