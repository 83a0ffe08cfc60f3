import assert from 'node:assert/strict';
import { it } from 'node:test';
import { boundsOfPeriod } from './boundsOfPeriod.ts';

const second = (text: string): number => Date.parse(text) / 1000;

it('a FHIR date stands for the whole of its day, month or year, and a second for the whole second', () => {
  const cases: readonly (readonly [string, string, string, boolean])[] = [
    ['2026', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', true],
    ['2026-12', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z', true],
    ['2024-02-29', '2024-02-29T00:00:00Z', '2024-03-01T00:00:00Z', true],
    ['2026-11-23T10:15:00+01:00', '2026-11-23T09:15:00Z', '2026-11-23T09:15:01Z', false],
    ['2026-11-23T10:15:00.5-05:30', '2026-11-23T15:45:00.500Z', '2026-11-23T15:45:00.600Z', false],
  ];
  for (const [text, first, after, isDate] of cases) {
    const found = boundsOfPeriod(text);
    assert.ok(found !== undefined, text);
    assert.ok(Math.abs(found.first - second(first)) < 1e-6, text);
    assert.ok(Math.abs(found.after - second(after)) < 1e-6, text);
    assert.equal(found.isDate, isDate);
  }
});

it('refuses days and times that do not exist', () => {
  const wrong = [
    '',
    '26',
    '2026-13',
    '2026-02-30',
    '2025-02-29',
    '2026-11-23T10:15',
    '2026-11-23T24:00:00Z',
  ];
  for (const text of [...wrong, '2026-11-23T10:15:00', '2026-11-23T10:15:60Z', ' 2026']) {
    assert.equal(boundsOfPeriod(text), undefined, text);
  }
});
