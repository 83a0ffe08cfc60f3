import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseFhirDate } from './parseFhirDate.ts';
import { dateInWords } from './sayFhir.ts';

describe('a date of FHIR', () => {
  it('is said no more precisely than it was written, and a day stays that day', () => {
    for (const [date, precision, english, german] of [
      ['2024', 'year', '2024', '2024'],
      ['2024-03', 'month', 'March 2024', 'März 2024'],
      ['2024-03-01', 'day', 'Mar 1, 2024', '01.03.2024'],
      ['0970-12-31', 'day', 'Dec 31, 970', '31.12.970'],
    ] as const) {
      const parsed = parseFhirDate(date);
      assert.equal(parsed?.precision, precision);
      assert.equal(dateInWords(parsed, 'en'), english);
      assert.equal(dateInWords(parsed, 'de'), german);
    }
    const moment = parseFhirDate('2024-03-01T10:15:30.123+02:00');
    assert.deepEqual(moment, {
      date: '2024-03-01T10:15:30.123+02:00',
      precision: 'moment',
      at: Date.UTC(2024, 2, 1, 8, 15, 30, 123),
    });
  });

  it('is refused if it does not exist or is something else', () => {
    for (const value of [
      '2024-02-30',
      '2024-13',
      '2024-00-01',
      '2024-1-1',
      '24-01-01',
      '2024-03-01T25:00:00Z',
      '2024-03-01T10',
      '2024-03-01 10:00',
      ' 2024',
      '2024\n',
      '',
      'yesterday',
      2024,
      null,
      undefined,
      ['2024'],
      { date: '2024' },
    ]) {
      assert.equal(parseFhirDate(value), undefined);
    }
  });
});
