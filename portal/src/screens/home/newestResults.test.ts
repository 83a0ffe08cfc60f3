import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measurementsOf } from '../../fhir/measurementsOf.ts';
import { inEnglish } from '../../fhir/test/englishWords.ts';
import { observation } from '../../fhir/test/resources.ts';
import { newestResults } from './newestResults.ts';

const RANGE = { referenceRange: [{ low: { value: 10 }, high: { value: 20 } }] };

function namesOf(resources: readonly unknown[], most = 10): readonly string[] {
  const results = measurementsOf(resources);
  return newestResults({ vitals: [], results }, most).map(({ title }) => inEnglish(title));
}

describe('the newest results', () => {
  it('are those of the last day first, at most as many as are wanted, and those without a date last', () => {
    const undated = { ...observation('4', 1, 'g', ''), effectiveDateTime: undefined };
    const resources = [
      undated,
      observation('1', 1, 'g', '2026-01-01'),
      observation('2', 1, 'g', '2026-03-01'),
      observation('3', 1, 'g', '2026-02-01'),
    ];
    assert.deepEqual(namesOf(resources), ['Test 2', 'Test 3', 'Test 1', 'Test 4']);
    assert.deepEqual(namesOf(resources, 2), ['Test 2', 'Test 3']);
  });

  it('are of one day those out of their range first, then those that were measured most often', () => {
    const resources = [
      observation('1', 15, 'g', '2026-03-01T08:00:00Z', RANGE),
      observation('2', 15, 'g', '2026-03-01T07:00:00Z', RANGE),
      observation('2', 15, 'g', '2025-03-01', RANGE),
      observation('3', 25, 'g', '2026-03-01T06:00:00Z', RANGE),
      observation('4', 25, 'g', '2025-03-01', RANGE),
    ];
    assert.deepEqual(namesOf(resources), ['Test 3', 'Test 2', 'Test 1', 'Test 4']);
  });

  it('have the course of the value with them', () => {
    const results = measurementsOf([
      observation('1', 15, 'g', '2026-03-01'),
      observation('1', 16, 'g', '2025-03-01'),
      observation('2', 1, 'g', '2024-03-01'),
    ]);
    const [newest] = newestResults({ vitals: results, results: [] }, 1);
    assert.deepEqual(
      newest?.series.points.map(({ amount }) => amount.value),
      [15, 16],
    );
  });
});
