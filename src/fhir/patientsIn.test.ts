import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BundleEntry } from '@medplum/fhirtypes';
import { patientsIn } from './patientsIn.ts';

function namesOf(patient: object): unknown {
  const entry = { resource: { resourceType: 'Patient', ...patient } } as unknown as BundleEntry;
  return patientsIn([entry]).patients;
}

describe('whom entries are about', () => {
  it('is told by names and birth date', () => {
    const name = [{ given: ['Anna', 'Maria'], family: 'Schmidt' }, { text: 'A. Schmidt' }];
    assert.deepEqual(namesOf({ name, birthDate: '1961-02-03' }), [
      { names: ['Anna Maria Schmidt', 'A. Schmidt'], birthDate: '1961-02-03' },
    ]);
  });

  const hostile: readonly (readonly [string, object])[] = [
    ['a name that is null', { name: [null] }],
    ['names that are not list', { name: {} }],
    ['given names that are not list', { name: [{ given: 'Anna', family: {} }] }],
    ['a name that is a number', { name: [1, { given: [1, null], text: 2 }] }],
    ['a birth date that is an object', { birthDate: {} }],
  ];
  for (const [what, patient] of hostile) {
    // @attack an author puts a Patient or a DocumentReference of no form on a chart, so that its list, or adding to it, fails for good | what lies on a chart is taken as far as it has the form of FHIR
    it(`is left open where an author wrote ${what}`, () => {
      assert.deepEqual(namesOf(patient), [{ names: [] }]);
    });
  }
});
