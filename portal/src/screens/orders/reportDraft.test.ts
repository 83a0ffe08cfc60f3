import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emptyReport, fieldsOf, signedOf, valuesOf } from './reportDraft.ts';

describe('the draft of a report', () => {
  it('begins with one result of what was ordered, and gives back the results that it was given', () => {
    const empty = emptyReport('HbA1c');
    assert.deepEqual(
      valuesOf(empty).results.map(({ test, value }) => [test, value]),
      [['HbA1c', '']],
    );
    const results = [...valuesOf(empty).results, { test: 'Sodium', value: '140', unit: 'mmol/L' }];
    const kept = valuesOf({ ...empty, fields: fieldsOf(results) }).results;
    assert.deepEqual(
      kept.map(({ test, value, unit }) => [test, value, unit]),
      [
        ['HbA1c', '', ''],
        ['Sodium', '140', 'mmol/L'],
      ],
    );
  });

  it('signs no result of which only the proposed test is there', () => {
    const draft = { ...emptyReport('Chest X-ray'), conclusion: 'Nothing new.' };
    assert.deepEqual(signedOf(draft).results[0]?.test, '');
    const measured = fieldsOf([{ test: 'HbA1c', value: '6.7' }]);
    assert.deepEqual(signedOf({ ...draft, fields: measured }).results[0]?.test, 'HbA1c');
  });
});
