import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { untilChosen } from './untilChosen.ts';

describe('the end of a chosen period', () => {
  it('lies as long ahead as was chosen', () => {
    assert.equal(untilChosen({ period: 'day', date: '2020-01-01' }, 1000), 87_400);
    assert.equal(untilChosen({ period: 'month', date: '' }, 0), 30 * 86_400);
    assert.equal(untilChosen({ period: 'year', date: '' }, 0), 365 * 86_400);
  });

  it('is the last second of a chosen day where the device is, and no number without a day', () => {
    const end = untilChosen({ period: 'date', date: '2027-03-04' }, 0);
    assert.equal(end, new Date(2027, 2, 4, 23, 59, 59).getTime() / 1000);
    for (const date of ['', '2027-02-31x', 'tomorrow']) {
      assert.ok(Number.isNaN(untilChosen({ period: 'date', date }, 0)), date);
    }
  });
});
