import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dayOfMoment } from './dayOfMoment.ts';

describe('the day of a moment', () => {
  it('is the day where the reader is, as a field for dates has it', () => {
    const evening = new Date(2026, 10, 25, 23, 59, 59).getTime() / 1000;
    assert.equal(dayOfMoment(evening), '2026-11-25');
    assert.equal(dayOfMoment(evening + 1), '2026-11-26');
    assert.equal(dayOfMoment(new Date(2026, 0, 3).getTime() / 1000), '2026-01-03');
  });

  it('is a day for any number, so that data of others cannot break the screen', () => {
    for (const at of [1e300, -1e300]) assert.match(dayOfMoment(at), /^-?\d+-\d{2}-\d{2}$/);
  });
});
