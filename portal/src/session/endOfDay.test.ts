import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endOfDay } from './endOfDay.ts';

describe('the end of a day', () => {
  it('is its last second where the device is, and the next one is of the next day', () => {
    const end = new Date(1000 * endOfDay('2026-11-23'));
    assert.deepEqual([end.getDate(), end.getHours(), end.getMinutes()], [23, 23, 59]);
    assert.equal(new Date(1000 * (endOfDay('2026-11-23') + 1)).getDate(), 24);
  });

  it('is not a number without a day', () => {
    assert.ok(Number.isNaN(endOfDay('')));
  });
});
