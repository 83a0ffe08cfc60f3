import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dosageOf } from '../../../src/fhir/dose/dosageOf.ts';
import { requireDose } from '../../../src/fhir/dose/readDose.ts';
import {
  anything,
  assert as forAll,
  jsonValue,
  property,
  record,
  string,
  constantFrom,
} from 'fast-check';
import { HOSTILE, OBEYED } from '../../../src/errors/test/hostile.ts';
import { describeResource, type Described } from './describeResource.ts';
import { KIND_VIEWS } from './kindViews.ts';
import { resolverOf } from '../../../src/fhir/Resolve.ts';
import { inEnglish } from './test/englishWords.ts';
import { entriesOf } from './test/entriesOf.ts';
import { concept, HL7, LOINC, observation, SNOMED } from './test/resources.ts';

/** Gives the lines that a person reads, one for each fact. */
function read({ kindName, title, when, facts, more }: Described): readonly string[] {
  const head = [kindName, title, ...(when ? [when] : [])].map(inEnglish).join(' | ');
  const lines = [...facts, ...more].map(
    ({ label, values }) => `${inEnglish(label)}: ${values.map(inEnglish).join('; ')}`,
  );
  return [head, ...lines];
}

const request = (dosage: unknown): unknown => ({
  resourceType: 'MedicationRequest',
  medicationReference: { reference: '#drug' },
  contained: [{ resourceType: 'Medication', id: 'drug', code: { text: 'Metformin 500 mg' } }],
  dosageInstruction: [dosage],
});

function doseOf(dosage: unknown): string | undefined {
  return read(describeResource(request(dosage))).find((line) => line.startsWith('Dose'));
}

describe('what people read of a resource', () => {
  it('is in their words, with codes of FHIR’s own lists put into words', () => {
    const allergy = {
      resourceType: 'AllergyIntolerance',
      clinicalStatus: concept(`${HL7}/allergyintolerance-clinical`, 'active'),
      verificationStatus: concept(`${HL7}/allergyintolerance-verification`, 'confirmed'),
      criticality: 'high',
      code: concept(SNOMED, '91936005', 'Penicillin'),
      onsetDateTime: '2011',
      reaction: [{ manifestation: [{ text: 'Hives' }, { text: 'Wheezing' }], severity: 'severe' }],
      note: [{ text: 'Carries\nan injector' }],
    };
    assert.deepEqual(read(describeResource(allergy)), [
      'Allergy | Penicillin | 2011',
      'Status: active',
      'Certainty: confirmed',
      'Risk: high',
      'Reactions: Hives; Wheezing',
      'Severity: severe',
      'Began: 2011',
      'Note: Carries\nan injector',
    ]);
  });

  it('has the dose of a medicine in words, as it was written or made of its parts', () => {
    assert.equal(read(describeResource(request({})))[0], 'Prescription | Metformin 500 mg');
    assert.equal(doseOf({ text: 'One tablet' }), 'Dose: One tablet');
    const dosage = {
      timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd', when: ['PCM', 'PCV'] } },
      doseAndRate: [{ doseQuantity: { value: 1, unit: 'tablet' } }],
      route: { text: 'by mouth' },
      asNeededBoolean: true,
    };
    const often = '2 times every 1 days';
    const dose = `Dose: 1 tablet, ${often}, after breakfast, after dinner, by mouth, if needed`;
    assert.equal(doseOf(dosage), dose);
    assert.equal(
      doseOf({ timing: { repeat: { frequency: 'x', period: {}, periodUnit: 'd' } } }),
      undefined,
    );
  });

  it('has a structured dose in the reader’s words with the prescriber’s own after them, and any other text as it was written', () => {
    const values = { amount: '0.5', unit: 'tablet', often: 'by-hours', hours: '8', days: '7' };
    const dosage = dosageOf(requireDose({ ...values, route: 'oral', needed: 'yes' }), 'With food');
    assert.equal(
      dosage.text,
      '0.5 tablet, every 8 hours, for 7 days, by mouth, if needed. With food',
    );
    const said = '0.5 tablet, 1 times every 8 hours, for 7 days, by mouth, if needed. With food';
    assert.equal(doseOf(dosage), `Dose: ${said}`);
    assert.equal(doseOf({ ...dosage, text: 'Half a tablet' }), 'Dose: Half a tablet');
    const clock = { amount: '1', unit: 'ml', often: 'by-clock', clock: '8:00 20:30' };
    assert.equal(doseOf(dosageOf(requireDose(clock), '')), 'Dose: 1 ml, at 08:00, 20:30');
    // A route that says more than its code is its author's.
    const route = { ...dosage.route, text: 'by the tube, not by mouth' };
    assert.match(doseOf({ ...dosage, text: undefined, route }) ?? '', /by the tube, not by mouth/);
  });

  it('has each component of a measurement with its own name, and its range and interpretation', () => {
    const pressure = {
      ...observation('85354-9', 0, '', '2024-05-01'),
      valueQuantity: undefined,
      component: [
        {
          code: concept(LOINC, '8480-6', 'Systolic'),
          valueQuantity: { value: 141, unit: 'mm[Hg]' },
          interpretation: [concept(`${HL7}/v3-ObservationInterpretation`, 'H')],
        },
        { code: concept(LOINC, '8462-4', 'Diastolic'), dataAbsentReason: { text: 'cuff slipped' } },
      ],
      referenceRange: [
        { low: { value: 90 }, high: { value: 130, unit: 'mmHg' } },
        { text: 'adults' },
      ],
    };
    assert.deepEqual(read(describeResource(pressure)), [
      'Measurement or finding | Test 85354-9 | May 1, 2024',
      'Systolic: 141 mmHg; high',
      'Diastolic: cuff slipped',
      'Reference range: 90 to 130 mmHg; adults',
      'Status: final',
      'Measured: May 1, 2024',
    ]);
  });

  it('calls nothing by a resource that is elsewhere, but by its kind', () => {
    const coverage = { resourceType: 'Coverage', payor: [{ reference: 'Organization/7' }] };
    const { title, kindName: kind, facts } = describeResource(coverage);
    assert.deepEqual(title, kind);
    assert.deepEqual(facts[0]?.values, [{ word: 'fhir.elsewhere' }]);
  });

  it('says of a medicine that is elsewhere that it is, so that its dose is not taken for that of another', () => {
    const order = {
      resourceType: 'MedicationRequest',
      medicationReference: { reference: 'Medication/1' },
    };
    assert.equal(
      read(describeResource(order))[0],
      'Prescription | Prescription: in another record',
    );
  });

  it('names what is referred to if it is there, and says so if it is elsewhere', () => {
    const report = {
      resourceType: 'DiagnosticReport',
      result: [
        { reference: 'urn:uuid:1' },
        { reference: 'Observation/gone' },
        { display: 'told', reference: 'x' },
      ],
    };
    const result = observation('1', 2, 'g', '2024');
    const resolve = resolverOf([
      { bundle: 'one', url: 'urn:uuid:1', resource: result },
      { bundle: 'one', resource: report },
    ]);
    assert.deepEqual(read(describeResource(report, resolve)), [
      'Report | Report',
      'Results: Test 1; in another record; told',
    ]);
  });

  it('survives resources that refer to each other in a ring, or to themselves', () => {
    const ring = [
      { resourceType: 'Medication', id: 'a', code: { reference: 'Medication/b' } },
      { resourceType: 'Medication', id: 'b', code: { reference: 'Medication/a' } },
      {
        resourceType: 'MedicationRequest',
        id: 'c',
        medicationReference: { reference: 'MedicationRequest/c' },
      },
    ];
    const resolve = resolverOf(entriesOf(ring));
    for (const resource of ring)
      assert.equal(typeof inEnglish(describeResource(resource, resolve).title), 'string');
  });

  it('of a kind without a view tells every field', () => {
    const basic = {
      resourceType: 'BodyStructure',
      id: 'x',
      morphology: { text: 'Scar' },
      imageCount: 2,
      active: true,
      modifierExtension: [{ url: 'http://x/not', valueBoolean: true }],
    };
    assert.deepEqual(read(describeResource(basic)), [
      'Body structure | Body structure',
      'Morphology: Scar',
      'Image count: 2',
      'Active: yes',
      'Modifier extension: yes',
    ]);
  });

  it('never uses the narrative, which is markup that others wrote', () => {
    const resource = {
      resourceType: 'Basic',
      text: { status: 'generated', div: '<div>hidden</div>' },
      code: { text: 'Note' },
    };
    assert.ok(!read(describeResource(resource)).join().includes('hidden'));
  });
});

/** Marks around a piece that is read from left to right, which the portal sets in what somebody wrote in Arabic or Hebrew. */
const OWN_MARKS = /\u2066([^\u2066\u2069\n]*)\u2069/g;

const check = (value: unknown): void => {
  const text = read(describeResource(value)).join('\n');
  assert.doesNotMatch(text.replaceAll(OWN_MARKS, '$1'), OBEYED);
};

describe('a hostile resource', () => {
  it('is shown as the text that it is, and nothing in it is obeyed', () => {
    const markup = '<img src=x onerror="alert(1)">';
    for (const kind of [
      ...Object.keys(KIND_VIEWS),
      'Basic',
      markup + HOSTILE,
      '__proto__',
      'constructor',
    ]) {
      const resource = {
        resourceType: kind,
        code: { text: markup + HOSTILE },
        status: HOSTILE,
        note: [{ text: HOSTILE }],
        name: [{ family: HOSTILE }],
        ['x' + HOSTILE]: HOSTILE,
      };
      const text = read(describeResource(resource)).join('\n');
      assert.doesNotMatch(text, OBEYED);
      assert.match(text, /\\u\{202e\}/);
    }
    assert.equal(
      inEnglish(describeResource({ resourceType: 'Condition', code: { text: markup } }).title),
      markup,
    );
  });

  it('has no marks of direction but the portal’s own, in whatever script it is written', () => {
    for (const letters of ['א', 'ك']) {
      const forged = `${letters}\u2066 5\u2069 \u0000`;
      const resource = { resourceType: 'Condition', code: { text: forged } };
      const shown = inEnglish(describeResource(resource).title);
      assert.equal(shown, `${letters}\u2066\\u{2066} 5\\u{2069} \\u{0}\u2069`);
      check(resource);
    }
  });

  it('is described whatever it is: any value, of any kind, with any value in any element', () => {
    const kinds = constantFrom(...Object.keys(KIND_VIEWS), 'Basic', 'Bundle');
    const paths = [
      ...new Set(
        Object.values(KIND_VIEWS).flatMap(({ title, when, facts }) => [
          ...title,
          ...when,
          ...facts.flatMap(([, ...rest]) => rest),
        ]),
      ),
    ];
    const elements = [
      ...new Set(paths.map((path) => path.split('.')[0]?.replace('[x]', 'Quantity') ?? '')),
    ];
    const fields = Object.fromEntries(
      elements.map((element) => [element, jsonValue({ maxDepth: 3 })]),
    );
    const typed = record(fields, { requiredKeys: [] });
    forAll(property(anything(), check), { numRuns: 50 });
    forAll(
      property(kinds, typed, (resourceType, resource) => check({ ...resource, resourceType })),
    );
    forAll(
      property(kinds, string({ unit: 'binary' }), (resourceType, text) => {
        check({ resourceType, ...Object.fromEntries(elements.map((element) => [element, text])) });
        check({
          resourceType,
          ...Object.fromEntries(
            elements.map((element) => [
              element,
              [{ text, reference: text, value: text, start: text }],
            ]),
          ),
        });
      }),
      { numRuns: 30 },
    );
  });

  it(
    'is described in little time and text, also if it is huge or deep',
    { timeout: 30_000 },
    () => {
      let deep: unknown = 'end';
      for (let level = 0; level < 5000; level++) deep = level % 2 === 0 ? [deep] : { deep };
      const wide = Array.from({ length: 50_000 }, (_, at) => ({
        text: `${at} ${'x'.repeat(100)}`,
      }));
      for (const value of [deep, wide, 'y'.repeat(20_000_000)]) {
        const text = read(
          describeResource({ resourceType: 'Condition', code: value, note: value, odd: value }),
        ).join('');
        assert.ok(text.length < 500_000, String(text.length));
      }
    },
  );
});
