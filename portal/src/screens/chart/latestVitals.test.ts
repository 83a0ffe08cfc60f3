import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measurementsOf } from '../../fhir/measurementsOf.ts';
import { inEnglish } from '../../fhir/test/englishWords.ts';
import { concept, LOINC, observation } from '../../fhir/test/resources.ts';
import { latestVitals } from './latestVitals.ts';

const part = (code: string, value: number): unknown => ({
  code: concept(LOINC, code, code),
  valueQuantity: { value, unit: 'mmHg' },
});

function pressure(systolic: number, diastolic: number | undefined, when: string): unknown {
  return {
    ...observation('85354-9', 0, '', when),
    valueQuantity: undefined,
    component: [
      ...(diastolic === undefined ? [] : [part('8462-4', diastolic)]),
      part('8480-6', systolic),
    ],
  };
}

describe('the newest vital signs', () => {
  it('are one of each, both values of a blood pressure from the same measurement', () => {
    const series = measurementsOf([
      pressure(140, 90, '2024-01-01'),
      pressure(120, 80, '2024-03-01'),
      observation('8867-4', 70, '/min', '2024-02-01'),
      observation('8867-4', 66, '/min', '2024-01-01'),
    ]);
    assert.deepEqual(
      latestVitals(series).map(({ title, parts }) => [
        inEnglish(title),
        ...parts.map(({ amount }) => amount.value),
      ]),
      [
        ['Blood pressure', 120, 80],
        ['Heart rate', 70],
      ],
    );
  });

  it('never join a value with one of another day', () => {
    const series = measurementsOf([
      pressure(140, 90, '2024-01-01'),
      pressure(120, undefined, '2024-03-01'),
    ]);
    const [latest] = latestVitals(series);
    assert.deepEqual(
      latest?.parts.map(({ amount }) => amount.value),
      [120],
    );
  });
});
