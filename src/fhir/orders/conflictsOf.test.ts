import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anything, assert as assertAll, property } from 'fast-check';
import type { MedicationRequest } from '@medplum/fhirtypes';
import type { Entry } from '../Resolve.ts';
import { conflictsOf, type OrderConflict } from './conflictsOf.ts';

const ATC = 'http://www.whocc.no/atc';

function order(text: string, code?: string): MedicationRequest {
  const coding = code === undefined ? {} : { coding: [{ system: ATC, code }] };
  return {
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    subject: {},
    medicationCodeableConcept: { text, ...coding },
  };
}

const entry = (resource: unknown, url?: string): Entry => ({ bundle: 'a', url, resource });
const allergy = (text: string, more: object = {}): Entry =>
  entry({ resourceType: 'AllergyIntolerance', code: { text }, ...more });
const medicine = (text: string, more: object = {}): Entry =>
  entry({
    resourceType: 'MedicationStatement',
    status: 'active',
    medicationCodeableConcept: { text },
    ...more,
  });
const kinds = (found: readonly OrderConflict[]): readonly string[] =>
  found.map(({ kind, what }) => `${kind} ${what}`);
const status = (code: string): object => ({ coding: [{ code }] });

describe('an order is in conflict', () => {
  const named: readonly (readonly [string, string])[] = [
    ['Penicillin', 'Amoxicillin 500 mg capsules'],
    ['Penicillinallergie', 'Piperacillin/Tazobactam 4 g Infusion'],
    ['Allergy to penicillin (finding)', 'FLUCLOXACILLIN 500 MG ORAL CAPSULE'],
    ['Allergy to ibuprofen', 'Naproxen 250 mg tablet'],
    ['Sulfonamides', 'Sulfamethoxazole 800 mg / trimethoprim 160 mg tablet'],
    ['Aspirin', 'Acetylsalicylsäure 100 mg Tabletten'],
    ['Codeine', 'Morphine 10 mg tablets'],
    ['Latex', 'Latex balm'],
  ];
  for (const [allergen, ordered] of named) {
    it(`with an allergy to ${allergen}, if it is ${ordered}`, () => {
      const [found] = conflictsOf(order(ordered), [allergy(allergen)]);
      assert.equal(found?.kind, 'allergy');
      assert.equal(found.indicator, 'critical');
    });
  }

  it('with an allergy to a group that its code alone lies in', () => {
    const found = conflictsOf(order('Bactocill', 'J01CF04'), [allergy('Penicillin')]);
    assert.deepEqual(kinds(found), ['allergy Penicillin']);
  });

  it('with the substance of a reaction, whatever the allergy is called', () => {
    const more = { reaction: [{ substance: { text: 'Morphine sulfate' } }] };
    const found = conflictsOf(order('Morphine 10 mg'), [allergy('Drug allergy', more)]);
    assert.equal(found.length, 1);
  });

  it('with a medicine of the same name, group, or ingredient, allergies first', () => {
    const combined = {
      code: { text: 'Co-Diovan' },
      ingredient: [{ itemCodeableConcept: { text: 'Valsartan' } }],
    };
    const referring = entry({
      resourceType: 'MedicationRequest',
      status: 'active',
      medicationReference: { reference: 'urn:uuid:1' },
    });
    const there = [referring, entry({ resourceType: 'Medication', ...combined }, 'urn:uuid:1')];
    assert.deepEqual(kinds(conflictsOf(order('Valsartan 80 mg'), there)), ['medicine Co-Diovan']);
    const both = [medicine('Losartan potassium 50 mg'), allergy('Sartans')];
    assert.deepEqual(kinds(conflictsOf(order('Valsartan 80 mg'), both)), [
      'allergy Sartans',
      'medicine Losartan potassium 50 mg',
    ]);
  });

  it('with an order that nothing of the kind be given', () => {
    const not = medicine('Warfarin', { resourceType: 'MedicationRequest', doNotPerform: true });
    assert.equal(conflictsOf(order('Warfarin 5 mg'), [not]).length, 1);
  });
});

describe('an order is in no conflict', () => {
  it('with what was taken back, refuted, resolved, stopped, or is of another kind', () => {
    const text = 'Penicillin';
    const over = [
      allergy(text, { verificationStatus: status('entered-in-error') }),
      allergy(text, { verificationStatus: status('refuted') }),
      allergy(text, { clinicalStatus: status('resolved') }),
      medicine(text, { status: 'stopped' }),
      medicine(text, { status: 'entered-in-error' }),
      entry({ resourceType: 'Condition', code: { text } }),
    ];
    assert.deepEqual(conflictsOf(order('Penicillin V 250 mg'), over), []);
  });

  it('by a form, a salt or a word for allergies alone', () => {
    const others = [
      medicine('Losartan potassium 50 mg oral tablet'),
      medicine('Nystatin oral suspension'),
      allergy('Allergy to substance (finding)'),
    ];
    assert.deepEqual(conflictsOf(order('Metformin sodium 500 mg oral tablet'), others), []);
    assert.deepEqual(conflictsOf(order('Atorvastatin 20 mg oral tablet'), others), []);
  });
});

// @actor an author of the chart | writes an allergy or a medicine that breaks the check, or hides another
it('whatever others wrote on a chart neither throws nor hides an allergy beside it', () => {
  assertAll(
    property(anything(), anything(), (left, right) => {
      const hostile = [
        left,
        { resourceType: 'AllergyIntolerance', code: right, reaction: left },
        { resourceType: 'MedicationRequest', medicationCodeableConcept: left, status: right },
        { resourceType: 'MedicationStatement', medicationReference: { reference: 'x' } },
        right,
      ].map((resource) => entry(resource, 'x'));
      const found = conflictsOf(order('Amoxicillin 500 mg'), [...hostile, allergy('Penicillin')]);
      assert.ok(found.some(({ kind, what }) => kind === 'allergy' && what === 'Penicillin'));
    }),
  );
});
