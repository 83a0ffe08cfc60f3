import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { comparePersons } from './comparePersons.ts';
import { patientsIn, type PersonNamed } from './patientsIn.ts';

const person = (name: string | undefined, birthDate?: string): PersonNamed => ({
  names: name === undefined ? [] : [name],
  ...(birthDate !== undefined && { birthDate }),
});

/** An entry that is about somebody. */
function about(subject: object): object {
  return { resource: { resourceType: 'Observation', subject } };
}

describe('two persons', () => {
  for (const [left, right] of [
    ['Wilhelmina Teacup', 'Wilhelmina Teacup'],
    ['Wilhelmina Teacup', 'TEACUP, Wilhelmina'],
    ['José García Márquez', 'Jose Garcia-Marquez'],
    ['Jürgen Müller', 'Juergen Mueller'],
    ['Søren Łukasz Strauß', 'Soren Lukasz Strauss'],
    ['Anna Maria Schmidt', 'Anna Schmidt'],
    ['Anna M. Schmidt', 'Anna Maria Schmidt'],
    ['Dr. Anna Schmidt', 'Anna Schmidt'],
    ['Séan O’Brien', "Sean O'Brien"],
    ['محمد علي', 'مُحَمَّد علي'],
    ['李 小龙', '李 小龙'],
    ['Sukarno', 'SUKARNO'],
  ] as const) {
    it(`are one: ${left} and ${right}`, () => {
      for (const [one, two] of [
        [left, right],
        [right, left],
      ] as const) {
        assert.equal(comparePersons(person(one, '1961-02-03'), person(two, '1961-02-03')), 'same');
        assert.equal(comparePersons(person(one, '1961-02-03'), person(two, '1961')), 'same');
        assert.equal(comparePersons(person(one), person(two, '1961')), 'unknown');
        assert.equal(
          comparePersons(person(one, '1961-02-03'), person(two, '1961-02-04')),
          'different',
        );
        assert.equal(comparePersons(person(one, '1961-02'), person(two, '1962')), 'different');
      }
    });
  }

  for (const [left, right] of [
    ['Anna Schmidt', 'Anna Schulz'],
    ['Anna Schmidt', 'Hanna Schmidt'],
    ['Anna Schmidt', 'Bert Schmidt'],
    ['A. Schmidt', 'Bert Schmidt'],
    ['Sukarno', 'Suharto'],
    ['李 小龙', '王 小龙'],
  ] as const) {
    it(`are two, also with one birth date: ${left} and ${right}`, () => {
      assert.equal(comparePersons(person(left, '1961'), person(right, '1961')), 'different');
      assert.equal(comparePersons(person(left), person(right)), 'different');
    });
  }

  it('are left open where too little is said', () => {
    assert.equal(
      comparePersons(person(undefined, '1961'), person('Anna Schmidt', '1961')),
      'unknown',
    );
    assert.equal(
      comparePersons(person('Schmidt', '1961'), person('Anna Schmidt', '1961')),
      'unknown',
    );
    assert.equal(
      comparePersons(person('Anna Schmidt', '1961'), person('Анна Шмидт', '1961')),
      'unknown',
    );
    assert.equal(comparePersons(person('...'), person('Anna Schmidt')), 'unknown');
    assert.equal(comparePersons(person(undefined), person(undefined)), 'unknown');
  });

  it('are one by any of their names', () => {
    const married = { names: ['Anna Schulz', 'Anna Schmidt'], birthDate: '1961' };
    assert.equal(comparePersons(married, person('Anna Schmidt', '1961')), 'same');
  });
});

describe('whom a bundle is about', () => {
  it('is its Patients, and those that its resources refer to', () => {
    const entry = [
      {
        fullUrl: 'urn:uuid:1',
        resource: {
          resourceType: 'Patient',
          id: 'a',
          name: [{ given: ['Anna', 'Maria'], family: 'Schmidt' }, { text: 'Anna Schulz' }],
          birthDate: '1961-02-03',
        },
      },
      about({ reference: 'Patient/a' }),
      about({ reference: 'https://ehr.example/fhir/Patient/a/_history/2' }),
      about({ reference: 'urn:uuid:1' }),
      about({ reference: 'Patient/b' }),
      about({ reference: 'Patient/b/_history/1' }),
      about({ reference: 'Group/b' }),
      about({ reference: '#contained' }),
      about({ display: 'somebody' }),
      { resource: { resourceType: 'AllergyIntolerance', patient: { reference: 'urn:uuid:2' } } },
      {},
    ];
    assert.deepEqual(patientsIn(entry as never), {
      patients: [{ names: ['Anna Maria Schmidt', 'Anna Schulz'], birthDate: '1961-02-03' }],
      others: ['Patient/b', 'urn:uuid:2'],
    });
  });
});
