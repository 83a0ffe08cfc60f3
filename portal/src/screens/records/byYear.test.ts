import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FhirDate } from '../../fhir/Said.ts';
import { parseFhirDate } from '../../fhir/parseFhirDate.ts';
import { byYear, dayOfYear } from './byYear.ts';

function date(text: string): FhirDate {
  return parseFhirDate(text) ?? assert.fail(text);
}

describe('records by year', () => {
  it('have the newest year first, and keep their order in it', () => {
    const items = ['2025-03-04', '2026-01-01', '2025-12', '2026'].map((text) => ({
      text,
      when: date(text),
    }));
    assert.deepEqual(
      byYear(items).map(({ year, items: of }) => [year, of.map(({ text }) => text)]),
      [
        [2026, ['2026-01-01', '2026']],
        [2025, ['2025-03-04', '2025-12']],
      ],
    );
  });

  it('have a day below the heading of their year, as precise as it is', () => {
    assert.equal(dayOfYear(date('2026-11-14'), 'en-GB'), '14 Nov');
    assert.equal(dayOfYear(date('2026-11'), 'en-GB'), 'November');
    assert.equal(dayOfYear(date('2026'), 'en-GB'), '');
  });
});
