import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { MedicationRequest } from '@medplum/fhirtypes';
import { loadFhirDefinitions } from '../../node/loadFhirDefinitions.ts';
import { createValidator } from '../createValidator.ts';
import { makeMedicationRequest } from '../makeMedicationRequest.ts';
import { hasVerhoeffDigit } from '../forms/checkDigit.ts';
import type { FormValues } from '../forms/FormField.ts';
import { dosageOf } from './dosageOf.ts';
import { DOSE_ROUTES } from './doseFields.ts';
import { doseIn } from './doseIn.ts';
import { readDose, requireDose } from './readDose.ts';
import { unitsOfDose } from './unitsOfDose.ts';
import type { Validator } from '../Validator.ts';

const THRICE = { amount: '1', unit: 'capsule', times: '3', days: '7' };

/** Doses of each rhythm, with the English words of each. */
const DOSES: readonly (readonly [values: FormValues, words: string])[] = [
  [THRICE, '1 capsule, 3 times a day, for 7 days'],
  [{ amount: '0,50', unit: 'tablet', times: '1' }, '0.5 tablet, once a day'],
  [
    { amount: '2.5', unit: 'ml', often: 'moments', when: 'EVE, MORN', route: 'oral' },
    '2.5 ml, in the morning, in the evening, by mouth',
  ],
  [
    { amount: '10', unit: 'IU', often: 'by-clock', clock: '20:00 8:00 20:00', days: '1' },
    '10 IU, at 08:00, 20:00, for 1 day',
  ],
  [
    { amount: '1', unit: 'tablet', often: 'by-hours', hours: '6', needed: 'yes' },
    '1 tablet, every 6 hours, if needed',
  ],
  [
    { amount: '4', unit: 'tablet', often: 'by-days', pause: '7', days: '84', route: 'oral' },
    '4 tablet, once every 7 days, for 84 days, by mouth',
  ],
];

function units(more: FormValues, unit = 'Capsule '): number | undefined {
  return unitsOfDose(requireDose({ ...THRICE, ...more }), unit);
}

function requestWith(dose: FormValues, dosage: string): MedicationRequest {
  return makeMedicationRequest({
    handle: `0x${'11'.repeat(32)}`,
    prescriber: `0x${'22'.repeat(20)}`,
    medicine: 'Amoxicillin 500 mg',
    unit: 'capsule',
    amount: 21,
    fills: 1,
    interval: 0,
    from: 1_790_000_000,
    until: 1_791_000_000,
    at: 1_790_000_000,
    dosage,
    dose,
  });
}

describe('a structured dose', () => {
  let validator: Validator;
  before(() => {
    validator = createValidator(loadFhirDefinitions());
  });

  it('makes a valid FHIR Dosage with a text, from which the same dose is read again', () => {
    for (const [values, words] of DOSES) {
      for (const instruction of ['', 'With water.']) {
        const request = requestWith(values, instruction);
        validator.validateBundle({
          resourceType: 'Bundle',
          type: 'collection',
          entry: [{ resource: request }],
        });
        const [dosage] = request.dosageInstruction ?? [];
        assert.equal(dosage?.text, instruction === '' ? words : `${words}. ${instruction}`);
        assert.deepEqual(
          dosageOf(doseIn(dosage)?.dose ?? {}, doseIn(dosage)?.instruction ?? ''),
          dosage,
        );
      }
    }
  });

  it('is not read from a Dosage that says anything else, so that no word of its author is lost', () => {
    const dosage = dosageOf(requireDose(THRICE), 'With food');
    assert.equal(doseIn(dosage)?.instruction, 'With food');
    for (const other of [
      { ...dosage, text: 'One capsule, three times a day' },
      { ...dosage, text: '1 capsule, 2 times a day, for 7 days. With food' },
      { ...dosage, sequence: 1 },
      { ...dosage, patientInstruction: 'Without food' },
      { ...dosage, maxDosePerPeriod: { numerator: { value: 1 } } },
      { ...dosage, timing: { repeat: { frequency: 3, frequencyMax: 4, period: 1 } } },
      { ...dosage, doseAndRate: [{ doseQuantity: { value: 10, unit: 'capsule' } }] },
      { text: '1 capsule, 3 times a day, for 7 days' },
      {},
      null,
      [],
      'daily',
      { doseAndRate: { doseQuantity: { value: {}, unit: [] } }, timing: { repeat: [] } },
    ]) {
      assert.equal(doseIn(other), undefined, JSON.stringify(other));
    }
  });

  it('is refused if it is zero, negative, absurd, not a number, too long or without a rhythm', () => {
    for (const [wrong, field, fault] of [
      [{ amount: '0' }, 'amount', 'too-low'],
      [{ amount: '0.0001' }, 'amount', 'not-a-number'],
      [{ amount: '-1' }, 'amount', 'not-a-number'],
      [{ amount: '100001' }, 'amount', 'too-high'],
      [{ amount: '1e3' }, 'amount', 'not-a-number'],
      [{ amount: 'NaN' }, 'amount', 'not-a-number'],
      [{ amount: '' }, 'amount', 'missing'],
      [{ unit: ' ' }, 'unit', 'missing'],
      [{ unit: 'tab\u202elet' }, 'unit', 'hidden'],
      [{ times: '0' }, 'times', 'too-low'],
      [{ times: '25' }, 'times', 'too-high'],
      [{ times: '1.5' }, 'times', 'not-a-number'],
      [{ times: '' }, 'times', 'missing'],
      [{ days: '0' }, 'days', 'too-low'],
      [{ days: '-7' }, 'days', 'not-a-number'],
      [{ days: '366' }, 'days', 'too-high'],
      [{ route: 'by drone' }, 'route', 'not-listed'],
      [{ hours: '8' }, 'hours', 'unfit'],
      [{ often: 'moments', times: '' }, 'when', 'missing'],
      [{ often: 'moments', times: '', when: 'MORN TEA' }, 'when', 'not-listed'],
      [{ often: 'by-clock', times: '', clock: '24:00' }, 'clock', 'not-a-time'],
      [{ often: 'by-clock', times: '', clock: '8' }, 'clock', 'not-a-time'],
      [{ often: 'by-hours', times: '', hours: '0' }, 'hours', 'too-low'],
      [{ often: 'by-hours', times: '', hours: '73' }, 'hours', 'too-high'],
      [{ often: 'by-days', times: '', pause: '91' }, 'pause', 'too-high'],
    ] as const) {
      const { faults } = readDose({ ...THRICE, ...wrong });
      const [first] = faults;
      assert.deepEqual([first?.field, first?.fault], [field, fault], JSON.stringify(wrong));
      assert.throws(() => requireDose({ ...THRICE, ...wrong }), { code: 'ARGUMENT_INVALID' });
    }
  });

  it('adds up to whole units, rounded up, without a rest of binary fractions', () => {
    assert.equal(units({}), 21);
    assert.equal(units({ amount: '0.5' }), 11);
    assert.equal(units({ amount: '1.1', days: '10' }), 33);
    assert.equal(units({ amount: '0.001', times: '1', days: '1' }), 1);
    assert.equal(units({ often: 'moments', times: '', when: 'MORN EVE' }), 14);
    assert.equal(units({ often: 'by-clock', times: '', clock: '06:00 14:00 22:00' }), 21);
    assert.equal(units({ often: 'by-hours', times: '', hours: '5', days: '1' }), 5);
    assert.equal(units({ often: 'by-days', times: '', pause: '7', days: '8' }), 2);
    assert.equal(units({ days: '' }), undefined);
    assert.equal(units({}, 'bottle'), undefined);
  });

  it('names each route by a code of SNOMED CT whose check digit is right', () => {
    for (const [code] of Object.values(DOSE_ROUTES)) assert.ok(hasVerhoeffDigit(code), code);
  });
});
