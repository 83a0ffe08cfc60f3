import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sayMoment } from './sayMoment.ts';

describe('a moment in words', () => {
  const format = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' });

  it('is the day that it falls on', () => {
    assert.equal(sayMoment(format, 1_700_000_000), 'Nov 14, 2023');
  });

  it('that no date reaches is the last one, and breaks nothing', () => {
    for (const at of [8_640_000_000_001, Number.MAX_SAFE_INTEGER, Infinity]) {
      assert.match(sayMoment(format, at), /275760/);
    }
    for (const at of [-8_640_000_000_001, -Infinity]) assert.match(sayMoment(format, at), /271822/);
    assert.equal(sayMoment(format, Number.NaN), '–');
  });
});
