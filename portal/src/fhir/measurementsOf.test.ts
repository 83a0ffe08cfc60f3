import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anything, array, assert as forAll, property } from 'fast-check';
import { measurementsOf } from './measurementsOf.ts';
import { inEnglish } from './test/englishWords.ts';
import { concept, HL7, LOINC, observation, SNOMED } from './test/resources.ts';

const flagOf = (value: number, rest: Record<string, unknown>): string | undefined => {
  const flag = measurementsOf([observation('1', value, 'g', '2024', rest)])[0]?.points[0]?.flag;
  return flag && `${flag.direction} ${inEnglish({ word: flag.word })}${flag.told ? ' (told)' : ''}`;
};

const range = (low?: number, high?: number, unit = 'g'): Record<string, unknown> => ({
  ...(low !== undefined && { low: { value: low, unit } }),
  ...(high !== undefined && { high: { value: high, unit } }),
});

describe('the measurements of a chart', () => {
  it('are series by code and unit, newest first, those without a date last', () => {
    const series = measurementsOf([
      observation('2345-7', 90, 'mg/dL', '2024-01-01'),
      observation('2345-7', 5, 'mmol/L', '2024-02-01'),
      observation('2345-7', 95, 'mg/dL', 'no date'),
      observation('2345-7', 99, 'mg/dL', '2024-03'),
      observation('2160-0', 1, 'mg/dL', '2024'),
      { resourceType: 'Condition', code: concept(SNOMED, '1') },
      'text',
    ]);
    assert.deepEqual(
      series.map(({ title, unit, points }) => [
        inEnglish(title),
        unit,
        ...points.map(({ amount }) => amount.value),
      ]),
      [
        ['Test 2345-7', 'mg/dL', 99, 90, 95],
        ['Test 2345-7', 'mmol/L', 5],
        ['Test 2160-0', 'mg/dL', 1],
      ],
    );
  });

  // @actor an author who may only add | gives a code another name, so that others' values stand under it
  it('stand under no name that another author gave their code', () => {
    const potassium = observation('2823-3', 7.1, 'mmol/L', '2024');
    const other = {
      ...observation('2823-3', 140, 'mmol/L', '2024'),
      code: concept(LOINC, '2823-3', 'Sodium'),
    };
    assert.deepEqual(
      measurementsOf([other, potassium]).map(({ title, points }) => [
        inEnglish(title),
        ...points.map(({ amount }) => amount.value),
      ]),
      [
        ['Sodium', 140],
        ['Test 2823-3', 7.1],
      ],
    );
  });

  it('merge the same code of the same name whatever else it is called, and units that are written alike', () => {
    const [one, ...others] = measurementsOf([
      observation('8480-6', 120, 'mm[Hg]', '2024-01-01'),
      {
        ...observation('8480-6', 130, 'mmHg', '2024-01-02'),
        code: {
          text: 'Systolic',
          coding: [
            { system: SNOMED, code: '271649006' },
            { system: LOINC, code: '8480-6' },
          ],
        },
      },
    ]);
    assert.equal(others.length, 0);
    assert.deepEqual(
      one?.points.map(({ amount }) => amount.value),
      [130, 120],
    );
  });

  it('stay apart when one that carries two codes could join two others', () => {
    const both = {
      text: 'Test 2345-7',
      coding: [
        { system: LOINC, code: '2345-7' },
        { system: LOINC, code: '2823-3' },
      ],
    };
    const series = measurementsOf([
      observation('2345-7', 90, 'mg/dL', '2024-01-01'),
      observation('2823-3', 4, 'mg/dL', '2024-01-01'),
      { ...observation('', 1, 'mg/dL', '2024-01-02'), code: both },
    ]);
    assert.deepEqual(
      series.map(({ points }) => points.length),
      [2, 1],
    );
  });

  it('have the two of a blood pressure as series of one group', () => {
    const pressure = {
      ...observation('85354-9', 0, '', '2024-05-01'),
      valueQuantity: undefined,
      component: [
        {
          code: concept(LOINC, '8480-6', 'Systolic'),
          valueQuantity: { value: 121, unit: 'mm[Hg]' },
        },
        {
          code: concept(LOINC, '8462-4', 'Diastolic'),
          valueQuantity: { value: 79, unit: 'mm[Hg]' },
        },
        { code: concept(LOINC, '8478-0', 'Mean'), dataAbsentReason: { text: 'unknown' } },
      ],
    };
    const series = measurementsOf([pressure]);
    assert.deepEqual(
      series.map(({ title, group }) => [inEnglish(title), group?.key]),
      [
        ['Systolic blood pressure', `${LOINC}|85354-9`],
        ['Diastolic blood pressure', `${LOINC}|85354-9`],
      ],
    );
  });

  it('say what the laboratory says of a value, and otherwise what its range says', () => {
    const told = (code: string): Record<string, unknown> => ({
      interpretation: [concept(`${HL7}/v3-ObservationInterpretation`, code)],
      referenceRange: [range(1, 9)],
    });
    assert.equal(flagOf(5, told('H')), 'up high (told)');
    assert.equal(flagOf(50, told('N')), 'none normal (told)');
    assert.equal(flagOf(50, told('whatever')), 'up high');
    assert.equal(flagOf(0.5, { referenceRange: [range(1, 9)] }), 'down low');
    assert.equal(flagOf(5, { referenceRange: [range(1, 9)] }), 'none normal');
    assert.equal(flagOf(5, { referenceRange: [range(undefined, 9)] }), undefined);
    // A range of another unit, one of several that say not for whom, and what is below what can be measured.
    assert.equal(flagOf(50, { referenceRange: [range(1, 9, 'mg')] }), undefined);
    assert.equal(flagOf(50, { referenceRange: [range(1, 9), range(2, 60)] }), undefined);
    const less = {
      valueQuantity: { value: 10, unit: 'g', comparator: '<' },
      referenceRange: [range(1, 9)],
    };
    assert.equal(flagOf(10, less), undefined);
  });

  it('leave out what its author took back', () => {
    for (const status of ['entered-in-error', 'cancelled']) {
      assert.deepEqual(measurementsOf([observation('1', 1, 'g', '2024', { status })]), []);
    }
  });

  it('come of anything', () => {
    forAll(
      property(array(anything()), anything(), (resources, value) => {
        measurementsOf(resources);
        const odd = {
          resourceType: 'Observation',
          component: value,
          code: value,
          referenceRange: value,
          valueQuantity: { value: 1, unit: value },
        };
        measurementsOf([
          odd,
          { ...odd, code: { text: 'x' }, interpretation: value },
          { ...odd, component: [{ ...odd, code: { text: 'y' } }] },
        ]);
      }),
      { numRuns: 50 },
    );
  });
});
